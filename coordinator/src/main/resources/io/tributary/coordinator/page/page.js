// The live page: folds the coordinator's events into one state and draws it. Texts that come from
// agents reach the document as text nodes only.
'use strict';

const COLOURS = 8;
const MOST_POINTS = 2048; // of one agent's line; beyond it neighbours become one
const MOST_ROUNDS = 4000;
const MOST_NEWS = 200;
const MOST_SPECTRA = 24;
const REDRAW_MILLIS = 120;
const PARALLEL_BYTES = 2 * 2; // both directions, 2 bytes a parameter

const $ = (id) => document.getElementById(id);
const finite = (x) => typeof x === 'number' && Number.isFinite(x);

// ------------------------------------------------------------------------------------- the state

let run = fresh();
let connection = 'connecting';
let clock = { server: 0, local: performance.now() };

function fresh() {
  return {
    began: null, // the event of this name
    finished: null,
    expected: 0,
    agents: [], // by participant
    rounds: [], // events "committed", oldest first
    stalls: new Map(), // by fragment, the last event "waiting" of a version that isn't made
    waiting: new Map(), // "fragment/version" to the arrivals of its contributions
    committed: [], // version by fragment
    excluded: 0,
    spectra: new Map(), // by fragment, the last event "spectrum"
    news: [],
    start: null,
  };
}

function agent(participant, name) {
  let one = run.agents[participant];
  if (!one) {
    one = { participant, name: '', connected: true, reason: '', codec: '', step: 0, loss: null, up: 0, down: 0, points: [], each: 1 };
    run.agents[participant] = one;
  }
  if (name) one.name = name;
  return one;
}

function tellNews(at, text, alarm) {
  run.news.push({ at, text, alarm });
  if (run.news.length > MOST_NEWS) run.news.shift();
}

const fold = {
  history(e) {
    run = fresh();
    clock = { server: e.now, local: performance.now() };
  },
  began(e) {
    run.began = e;
    run.expected = e.agents;
    run.committed = e.committed.slice();
    run.start = e.at;
    const before = e.committed.reduce((a, b) => a + b, 0);
    const name = `run ${e.run.slice(0, 8)}`;
    tellNews(e.at, before > 0 ? `${name} goes on after ${counted(before, 'round')}` : `${name} begins`, false);
  },
  joined(e) {
    const one = agent(e.participant, e.agent);
    one.connected = true;
    run.expected = e.expected;
    tellNews(e.at, `${e.agent} joined, ${e.present} of ${e.expected} are here`, false);
  },
  left(e) {
    const one = agent(e.participant, e.agent);
    one.connected = false;
    one.reason = e.reason;
    const done = run.began && one.step >= run.began.steps;
    tellNews(e.at, `${e.agent} left: ${e.reason}`, !done);
  },
  progressed(e) {
    const one = agent(e.participant, e.agent);
    one.step = e.step;
    one.up = e.bytesUp;
    one.down = e.bytesDown;
    one.loss = e.loss;
    if (finite(e.loss)) addPoint(one, { at: e.at, loss: e.loss, weight: 1 });
  },
  codecchosen(e) {
    const one = agent(e.participant, e.agent);
    one.codec = e.codec;
    tellNews(e.at, `${e.agent} sends ${e.codec}: ${e.reason}`, false);
  },
  contributed(e) {
    const key = `${e.fragment}/${e.version}`;
    if (!run.waiting.has(key)) run.waiting.set(key, new Map());
    run.waiting.get(key).set(e.participant, e.at);
  },
  waiting(e) {
    const said = run.stalls.get(e.fragment);
    run.stalls.set(e.fragment, e);
    if (said && said.version === e.version) return;
    tellNews(e.at, `fragment ${e.fragment + 1}, version ${e.version} waits for ${e.agents.join('; ')}`, true);
  },
  blocked(e) {
    tellNews(e.at, `the coordinator has been busy for ${Math.round(e.seconds)} s: ${e.stage}`, true);
  },
  committed(e) {
    run.stalls.delete(e.fragment);
    const key = `${e.fragment}/${e.version}`;
    e.arrivals = run.waiting.get(key) || new Map();
    run.waiting.delete(key);
    run.rounds.push(e);
    if (run.rounds.length > MOST_ROUNDS) run.rounds.shift();
    run.committed[e.fragment] = e.version;
    if (e.exclusions.length) run.excluded++;
    for (const reason of e.exclusions) {
      tellNews(e.at, `fragment ${e.fragment + 1}, version ${e.version} without ${reason}`, true);
    }
  },
  spectrum(e) {
    run.spectra.set(e.fragment, e);
  },
  finished(e) {
    run.finished = e;
    tellNews(e.at, `finished after ${e.rounds} rounds, parameters ${e.fingerprint.slice(0, 12)}`, false);
    source.close(); // the coordinator goes now; nothing more will come
  },
};

function addPoint(one, point) {
  const last = one.points[one.points.length - 1];
  if (last && last.weight < one.each) {
    one.points[one.points.length - 1] = merged(last, point);
  } else {
    one.points.push(point);
  }
  if (one.points.length > MOST_POINTS) {
    const half = [];
    for (let i = 0; i < one.points.length; i += 2) {
      half.push(i + 1 < one.points.length ? merged(one.points[i], one.points[i + 1]) : one.points[i]);
    }
    one.points = half;
    one.each *= 2;
  }
}

function merged(a, b) {
  const weight = a.weight + b.weight;
  return { at: b.at, loss: (a.loss * a.weight + b.loss * b.weight) / weight, weight };
}

function now() {
  return run.finished ? run.finished.at : clock.server + performance.now() - clock.local;
}

// ------------------------------------------------------------------------------------- the texts

const since = (at) => duration(at - (run.start === null ? 0 : run.start));

const colour = (participant) => `c${place(participant) % COLOURS}`;

/** The agents by name; their places decide colours and rows. */
function byName() {
  return run.agents
    .filter((a) => a)
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }) || a.participant - b.participant);
}

let places = [];

function place(participant) {
  return places[participant] ?? participant;
}

/** Who has not joined yet comes last. */
function findPlaces() {
  const named = byName().map((a) => a.participant);
  const all = Math.max(run.expected, run.agents.length);
  const others = Array.from({ length: all }, (_, p) => p).filter((p) => !run.agents[p]);
  places = [];
  [...named, ...others].forEach((participant, i) => (places[participant] = i));
}

// ------------------------------------------------------------------------------------- the figures

function showState() {
  const here = run.agents.filter((a) => a && a.connected).length;
  const began = run.agents.some((a) => a && a.step > 0);
  const most = Math.max(0, ...run.agents.map((a) => (a ? a.step : 0)));
  let state = 'training';
  let text = run.began ? `Step ${grouped(most)} of ${grouped(run.began.steps)}` : 'Training';
  if (run.finished) {
    state = 'finished';
    text = 'Finished';
  } else if (connection === 'lost') {
    state = 'lost';
    text = 'No connection to the coordinator; trying again';
  } else if (connection === 'connecting') {
    state = 'connecting';
    text = 'Connecting';
  } else if (!began) {
    state = 'waiting';
    text = run.expected ? `Waiting, ${here} of ${counted(run.expected, 'agent')} here` : 'Waiting for agents';
  }
  $('state').dataset.state = state;
  write('state-text', text);
  write('clock', run.start === null || connection === 'connecting' ? '' : since(now()));
  document.title = run.began ? `${text} · Tributary` : 'Tributary';

  if (run.began) {
    const b = run.began;
    const codecs = b.codecUp === b.codecDown ? `codec ${b.codecUp}` : `codecs ${b.codecUp} up, ${b.codecDown} down`;
    write('facts', [
      counted(b.agents, 'agent'),
      `${grouped(b.parameters)} parameters`,
      counted(b.fragments.length, 'fragment'),
      `H ${b.interval}`,
      `τ ${b.delay}`,
      codecs,
    ].map((fact) => fact.replaceAll(' ', '\u00a0')).join('\u00a0· '));
  }
}

function showFigures() {
  const heard = run.agents.filter((a) => a && finite(a.loss) && a.points.length);
  const mean = (of) => heard.reduce((sum, a) => sum + of(a), 0) / heard.length;
  if (heard.length) {
    write('loss', mean((a) => smooth(a.points).at(-1)).toFixed(2));
    const first = mean((a) => a.points[0].loss);
    const from = run.began && run.began.committed.some((v) => v > 0) ? 'when this process began' : 'at the first step';
    write('loss-note', `nats a token, mean of the agents; ${first.toFixed(2)} ${from}`);
  }

  const agents = run.agents.filter((a) => a);
  const sum = (of) => agents.reduce((total, a) => total + of(a), 0);
  const up = sum((a) => a.up);
  const down = sum((a) => a.down);
  const steps = sum((a) => a.step);
  const parallel = run.began ? PARALLEL_BYTES * run.began.parameters * steps : 0;
  write('sent', bytes(up + down));
  write('sent-note', `↑ ${bytes(up)} ↓ ${bytes(down)}`);
  write('parallel', bytes(parallel));
  const most = Math.max(up + down, parallel, 1);
  $('bar-ours').setAttribute('width', `${(100 * (up + down)) / most}%`);
  $('bar-parallel').setAttribute('width', `${(100 * parallel) / most}%`);
  if (up + down > 0 && parallel > 0) {
    const less = parallel >= up + down;
    write('ratio', times(less ? parallel / (up + down) : (up + down) / parallel));
    write('ratio-note', less ? 'less than data parallel training' : 'as much as data parallel training so far');
  }
  if (run.began) {
    write('formula', `Data parallel training would have sent 2 directions × 2 bytes × ${grouped(run.began.parameters)} parameters × ${counted(steps, 'step')} of all agents by now.`);
  }

  const total = run.began ? run.began.versions.reduce((a, b) => a + b, 0) : 0;
  const done = run.committed.reduce((a, b) => a + (b || 0), 0);
  write('rounds', grouped(done));
  const exclusions = run.excluded ? `${grouped(run.excluded)} without some agent` : 'no exclusions';
  const stall = run.finished ? undefined : [...run.stalls.values()].pop();
  const waits = stall ? `; version ${stall.version} of fragment ${stall.fragment + 1} waits for ${stall.agents.join('; ')}` : '';
  write('rounds-note', (total ? `of ${grouped(total)}, ${exclusions}` : exclusions) + waits);
  $('rounds-note').classList.toggle('alarm', run.excluded > 0 || waits !== '');
}

function showAgents() {
  const body = $('agents');
  const agents = byName();
  $('no-agents').hidden = agents.length > 0;
  while (body.rows.length > agents.length) body.lastChild.remove();
  while (body.rows.length < agents.length) body.append(agentRow());
  agents.forEach((one, i) => {
    const row = body.rows[i];
    const steps = run.began ? run.began.steps : 0;
    const done = run.finished || (steps && one.step >= steps);
    row.dataset.participant = one.participant;
    row.classList.toggle('away', !one.connected && !done);
    row.name.parentNode.className = colour(one.participant);
    row.name.parentNode.parentNode.title = one.name;
    row.bar.parentNode.setAttribute('class', colour(one.participant));
    write(row.name, one.name);
    const busy = (one.step ? 'training' : 'connected') + (one.codec ? ` · ${one.codec}` : '');
    write(row.state, done ? 'done' : one.connected ? busy : `away: ${one.reason}`);
    write(row.step, steps ? `${grouped(one.step)} / ${grouped(steps)}` : grouped(one.step));
    row.bar.setAttribute('width', steps ? `${(100 * one.step) / steps}%` : '0');
    write(row.loss, one.loss === null ? '–' : finite(one.loss) ? one.loss.toFixed(2) : 'not finite');
    row.loss.classList.toggle('alarm', one.loss !== null && !finite(one.loss));
    write(row.up, `↑ ${bytes(one.up)}`);
    write(row.down, `↓ ${bytes(one.down)}`);
  });
}

/** What the last changes of all tensors are like, the one that is most of one direction first. */
function showSpectra() {
  const rows = [];
  for (const e of run.spectra.values()) {
    for (const one of e.tensors) rows.push({ ...one, at: `fragment ${e.fragment + 1}, version ${e.version}` });
  }
  rows.sort((a, b) => b.topShare - a.topShare);
  $('spectra-card').hidden = rows.length === 0;
  $('spectra').replaceChildren(
    ...rows.slice(0, MOST_SPECTRA).map((one) => {
      const head = element('th', '', element('bdi', '', one.tensor), element('small', '', one.at));
      head.scope = 'row';
      return element(
        'tr',
        '',
        head,
        element('td', 'number', `${(100 * one.topShare).toFixed(1)} %`),
        element('td', 'number', one.topEigenvalue.toPrecision(3)),
        element('td', 'number', finite(one.gap) ? times(one.gap) : '–'),
        element('td', 'number', `${one.moreHeavyRows ? '≥ ' : ''}${grouped(one.heavyRows)} / ${grouped(one.rows)}`),
      );
    }),
  );
}

function agentRow() {
  const row = document.createElement('tr');
  row.name = document.createElement('bdi');
  row.state = document.createElement('small');
  const head = element('th', '', element('span', '', row.name, row.state));
  head.scope = 'row';
  row.step = document.createElement('span');
  row.bar = drawn('rect', { height: '100%', width: 0 });
  row.loss = element('td', 'number');
  row.up = document.createElement('div');
  row.down = document.createElement('div');
  const bar = drawn('svg', { 'aria-hidden': 'true' }, row.bar);
  row.append(head, element('td', 'steps', row.step, bar), row.loss, element('td', 'number', row.up, row.down));
  row.addEventListener('pointerenter', () => point(Number(row.dataset.participant)));
  row.addEventListener('pointerleave', () => point(null));
  return row;
}

let newsShown = null;

function showNews() {
  const last = run.news.at(-1);
  if (last === newsShown) return;
  newsShown = last;
  $('events').replaceChildren(
    ...run.news.slice().reverse().map((n) => element('li', '', element('time', '', since(n.at)), element('span', n.alarm ? 'alarm' : '', n.text))),
  );
}

// ------------------------------------------------------------------------------------- the drawing

const TICKS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 43200, 86400];

let pointed = null; // the participant whose line stands out
let cursor = null; // where the pointer is, in pixels from the left

function point(participant) {
  pointed = participant;
  redraw();
}

/** Mean of a point and its neighbours on both sides: more of them the longer the line is. */
function smooth(points) {
  const sums = [0];
  for (const p of points) sums.push(sums.at(-1) + p.loss);
  const reach = Math.floor(points.length / 40);
  return points.map((_, i) => {
    const from = Math.max(0, i - reach);
    const to = Math.min(points.length, i + reach + 1);
    return (sums[to] - sums[from]) / (to - from);
  });
}

function lines() {
  return byName()
    .filter((a) => a.points.length)
    .map((a) => ({ ...a, smooth: smooth(a.points) }));
}

function frame() {
  const box = $('plot').getBoundingClientRect();
  const narrow = box.width < 520;
  const fragments = run.began ? run.began.fragments.length : Math.max(1, run.committed.length);
  const lane = Math.max(18, Math.min(54, (box.height * 0.45) / fragments));
  const begin = run.start === null ? 0 : run.start;
  const end = Math.max(now(), begin + 20000);
  const left = narrow ? 40 : 92;
  const right = box.width - (narrow ? 10 : 18);
  const bottom = box.height - 22;
  const lanesTop = bottom - lane * fragments;
  return {
    narrow, fragments, lane, begin, end, left, right, lanesTop, bottom,
    top: 10,
    chartBottom: lanesTop - 16,
    width: box.width,
    x: (at) => left + ((Math.max(at, begin) - begin) / (end - begin)) * (right - left),
    at: (x) => begin + ((x - left) / (right - left)) * (end - begin),
  };
}

function draw() {
  const f = frame();
  if (f.width === 0 || f.chartBottom < f.top + 40) return;
  const all = lines();
  const nodes = [...timeAxis(f), ...lossChart(f, all)];
  for (let i = 0; i < f.fragments; i++) nodes.push(...laneOf(f, i));
  if (cursor !== null && cursor >= f.left && cursor <= f.right) {
    nodes.push(drawn('line', { class: 'hair', x1: cursor, x2: cursor, y1: f.top, y2: f.bottom }));
  }
  $('drawing').replaceChildren(...nodes);
  showReadout(f, all);
}

function timeAxis(f) {
  const span = (f.end - f.begin) / 1000;
  const most = Math.max(2, (f.right - f.left) / 90);
  const step = TICKS.find((t) => span / t <= most) || 86400 * Math.ceil(span / most / 86400);
  const nodes = [];
  for (let s = 0; s <= span; s += step) {
    const x = f.x(f.begin + 1000 * s);
    nodes.push(drawn('line', { class: 'grid hour', x1: x, x2: x, y1: f.top, y2: f.bottom }));
    nodes.push(drawn('text', { x, y: f.bottom + 16, 'text-anchor': s === 0 ? 'start' : 'middle' }, duration(1000 * s)));
  }
  return nodes;
}

function lossChart(f, all) {
  const values = all.flatMap((a) => [a.points[0].loss, ...a.smooth]);
  let low = values.reduce((a, b) => Math.min(a, b), Infinity);
  let high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!values.length) [low, high] = [0, 1];
  const margin = Math.max((high - low) * 0.06, 0.02);
  [low, high] = [low - margin, high + margin];
  const y = (loss) => f.chartBottom - ((loss - low) / (high - low)) * (f.chartBottom - f.top);

  const nodes = [];
  const step = niceStep((high - low) / 4);
  for (let v = Math.ceil(low / step) * step; values.length && v <= high; v += step) {
    nodes.push(drawn('line', { class: 'grid', x1: f.left, x2: f.right, y1: y(v), y2: y(v) }));
    nodes.push(drawn('text', { x: f.left - 10, y: y(v) + 4, 'text-anchor': 'end' }, v.toFixed(step < 0.1 ? 2 : 1)));
  }
  if (!values.length) {
    nodes.push(drawn('text', { x: (f.left + f.right) / 2, y: (f.top + f.chartBottom) / 2, 'text-anchor': 'middle' }, 'The first step has not been reported yet.'));
  }

  const clamp = (loss) => Math.max(f.top, Math.min(f.chartBottom, y(loss))).toFixed(1);
  const path = (points, of) => points.map((p, i) => `${i ? 'L' : 'M'}${f.x(p.at).toFixed(1)} ${clamp(of(p, i))}`).join('');
  const fade = (a) => (pointed !== null && pointed !== a.participant ? ' faded' : '');
  if (all.length <= COLOURS) {
    for (const a of all) nodes.push(drawn('path', { class: `raw ${colour(a.participant)}${fade(a)}`, d: path(a.points, (p) => p.loss) }));
  }
  for (const a of all) {
    const dashed = place(a.participant) % (2 * COLOURS) >= COLOURS ? ' second' : '';
    nodes.push(drawn('path', { class: `smooth ${colour(a.participant)}${dashed}${fade(a)}`, d: path(a.points, (p, i) => a.smooth[i]) }));
  }
  return nodes;
}

function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 2.5, 5, 10].find((m) => m * power >= rough);
}

/** One fragment: its contributions as they wait for each other, and where they became a version. */
function laneOf(f, fragment) {
  const top = f.lanesTop + fragment * f.lane;
  const middle = top + f.lane / 2;
  const label = f.narrow ? `F${fragment + 1}` : `Fragment ${fragment + 1}`;
  const elements = run.began ? run.began.fragments[fragment] : 0;
  const nodes = [
    drawn('line', { class: 'lane', x1: f.left, x2: f.right, y1: middle, y2: middle }),
    drawn('text', { class: 'name', x: f.left - 10, y: middle + (f.narrow || f.lane < 34 ? 4 : -1), 'text-anchor': 'end' }, label),
  ];
  if (!f.narrow && f.lane >= 34) {
    nodes.push(drawn('text', { x: f.left - 10, y: middle + 14, 'text-anchor': 'end' }, `${short(elements)} values`));
  }

  const agents = Math.max(1, run.expected, run.agents.length);
  const rounds = run.rounds.filter((r) => r.fragment === fragment).slice(-400);
  const gap = rounds.length > 1 ? (f.right - f.left) / rounds.length : Infinity;
  const spread = Math.min(9, (f.lane - 12) / agents);
  const each = spread >= 3 && gap >= 12; // otherwise there is no room to tell agents apart
  const height = each ? spread * (agents - 1) : Math.min(24, f.lane - 14);
  const row = (p) => middle + spread * (place(p) - (agents - 1) / 2);

  for (const round of rounds) {
    const x = f.x(round.at);
    const wide = gap < 6 ? 1 : 3;
    nodes.push(drawn('rect', { class: 'join', x: x - wide / 2, y: middle - height / 2 - 5, width: wide, height: height + 10, rx: wide / 2 }));
    if (each) {
      for (const p of round.participants) {
        nodes.push(...contribution(f, row(p), round.arrivals.get(p) ?? round.at, x, `tail ${colour(p)}`, spread));
      }
    }
    if (each) {
      for (let p = 0; p < agents; p++) {
        if (!round.participants.includes(p)) nodes.push(cross(x - 8, row(p)));
      }
    } else if (round.exclusions.length) {
      nodes.push(cross(x, middle - height / 2 - 6));
    }
    if (gap >= 22) nodes.push(drawn('text', { class: 'version', x: x + 5, y: middle - height / 2 + 3 }, String(round.version)));
  }
  if (each && !run.finished) {
    for (const [key, arrivals] of run.waiting) {
      if (Number(key.split('/')[0]) !== fragment) continue;
      for (const [p, at] of arrivals) {
        nodes.push(...contribution(f, row(p), at, f.right, `tail open ${colour(p)}`, spread));
      }
    }
  }
  return nodes;
}

function contribution(f, y, at, end, kind, spread) {
  const x = f.x(at);
  return [
    drawn('line', { class: kind, x1: x, x2: end, y1: y, y2: y }),
    drawn('circle', { class: kind.replace(/tail( open)?/, 'dot'), cx: x, cy: y, r: Math.min(3.4, spread / 2) }),
  ];
}

function cross(x, y) {
  return drawn('path', { class: 'missing', d: `M${x - 3} ${y - 3}L${x + 3} ${y + 3}M${x - 3} ${y + 3}L${x + 3} ${y - 3}` });
}

function short(n) {
  return n < 1000 ? `${n}` : n < 999500 ? `${Math.round(n / 1000)} k` : `${(n / 1e6).toFixed(n < 9.95e6 ? 1 : 0)} M`;
}

function showReadout(f, all) {
  if (cursor === null || cursor < f.left || cursor > f.right) {
    write('readout', '');
    return;
  }
  const at = f.at(cursor);
  const parts = [document.createTextNode(since(at))];
  for (const a of all.slice(0, f.narrow ? 4 : 8)) {
    let i = a.points.findIndex((p) => p.at > at);
    i = (i < 0 ? a.points.length : i) - 1;
    if (i >= 0) parts.push(document.createTextNode(' \u2002'), element('b', colour(a.participant), a.smooth[i].toFixed(2)));
  }
  $('readout').replaceChildren(...parts);
}

function describe() {
  const steps = run.began ? `of ${run.began.steps} ` : '';
  const text = run.agents.filter((a) => a && a.points.length).slice(0, 8)
    .map((a) => `${a.name}: loss ${a.points[0].loss.toFixed(2)} at first, ${smooth(a.points).at(-1).toFixed(2)} now, step ${a.step} ${steps}`)
    .join('; ');
  $('drawing').setAttribute('aria-label', text ? `Loss over time. ${text}. ${counted(run.rounds.length, 'round')} made.` : 'Nothing has been reported yet.');
}

// ------------------------------------------------------------------------------------- what drives it

let drawing = null;

/** Draws soon: at once would be once for each event. */
function redraw() {
  if (drawing === null) drawing = setTimeout(show, REDRAW_MILLIS);
}

function show() {
  drawing = null;
  findPlaces();
  showState();
  showFigures();
  showAgents();
  showSpectra();
  showNews();
  draw();
}

const source = new EventSource('/events');
source.onopen = () => {
  connection = 'open';
  redraw();
};
source.onerror = () => {
  if (!run.finished) connection = 'lost';
  redraw();
};
source.onmessage = (message) => {
  connection = 'open';
  for (const event of JSON.parse(message.data)) {
    if (Object.hasOwn(fold, event.event)) fold[event.event](event);
  }
  redraw();
};

$('plot').addEventListener('pointermove', (e) => {
  cursor = e.clientX - $('plot').getBoundingClientRect().left;
  redraw();
});
$('plot').addEventListener('pointerleave', () => {
  cursor = null;
  redraw();
});
new ResizeObserver(redraw).observe($('plot'));
setInterval(() => run.finished || redraw(), 1000);
setInterval(describe, 5000);
