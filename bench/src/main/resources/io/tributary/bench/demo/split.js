'use strict';

const SVG = 'http://www.w3.org/2000/svg';
const COLOURS = 5;
const BYTES = ['B', 'kB', 'MB', 'GB'];

function shape(parent, name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
}

function bytes(count) {
  let unit = 0;
  while (count >= 1000 && unit < BYTES.length - 1) {
    count /= 1000;
    unit++;
  }
  return (unit ? count.toFixed(1) : count) + ' ' + BYTES[unit];
}

/** The clients' mean accuracy where all have measured: [step, accuracy]. */
function accuracies(way) {
  const least = Math.min(...way.clients.map(client => client.measured.length));
  return Array.from({length: least}, (_, i) => [
    way.clients[0].measured[i].step,
    way.clients.reduce((sum, client) => sum + client.measured[i].accuracy, 0) / way.clients.length,
  ]);
}

function drawChart(state) {
  const chart = document.getElementById('chart');
  chart.replaceChildren();
  const lines = state.ways.map(accuracies);
  const most = Math.max(0.05, ...lines.flat().map(point => point[1])) * 1.05;
  const x = step => 46 + 500 * step / state.steps;
  const y = accuracy => 232 - 220 * accuracy / most;
  for (let i = 0; i <= 4; i++) {
    const accuracy = most * i / 4;
    shape(chart, 'line', {class: 'grid', x1: 46, x2: 546, y1: y(accuracy), y2: y(accuracy)});
    shape(chart, 'text', {x: 40, y: y(accuracy) + 4, 'text-anchor': 'end'}, (100 * accuracy).toFixed(0) + ' %');
  }
  shape(chart, 'text', {x: 546, y: 252, 'text-anchor': 'end'}, 'step ' + state.steps);
  lines.forEach((line, i) => {
    const colour = 'c' + i % COLOURS;
    shape(chart, 'polyline', {class: 'line ' + colour, points: line.map(p => x(p[0]) + ',' + y(p[1])).join(' ')});
    const last = line.length ? ': ' + (100 * line[line.length - 1][1]).toFixed(1) + ' %' : '';
    shape(chart, 'text', {class: 'name ' + colour, x: 556, y: 24 + 18 * i}, state.ways[i].method + last);
  });
  chart.setAttribute('aria-label', state.ways.map((way, i) =>
    way.method + ' ' + (lines[i].length ? (100 * lines[i][lines[i].length - 1][1]).toFixed(1) + ' %' : 'unmeasured')).join(', '));
}

function drawHistogram(state) {
  const histogram = document.getElementById('histogram');
  histogram.replaceChildren();
  const way = state.ways.filter(each => each.clients[0].measured.length > 0).pop();
  if (!way) return;
  const measured = way.clients[0].measured;
  const counts = measured[measured.length - 1].channels;
  const most = Math.max(1, ...counts);
  const width = 700 / Math.max(1, counts.length);
  counts.forEach((count, bits) => {
    const height = 110 * count / most;
    shape(histogram, 'rect', {class: 'c0', x: 10 + width * bits, y: 126 - height, width: Math.max(1, width - 3), height});
    shape(histogram, 'text', {x: 10 + width * (bits + 0.4), y: 142, 'text-anchor': 'middle'}, bits);
    if (count) shape(histogram, 'text', {x: 10 + width * (bits + 0.4), y: 120 - height, 'text-anchor': 'middle'}, count);
  });
  document.getElementById('bits-head').textContent = 'Channels by bits: ' + way.method + ', ' + way.clients[0].name;
  histogram.setAttribute('aria-label', counts.map((count, bits) => count + ' of ' + bits + ' bits').join(', '));
}

function fillTable(state) {
  const rows = document.getElementById('rows');
  rows.replaceChildren();
  for (const way of state.ways) {
    for (const client of way.clients) {
      const now = client.now;
      const last = client.measured[client.measured.length - 1];
      const cells = [way.method, client.name,
        now ? now.step + ' / ' + state.steps : 'starting', now ? now.loss.toFixed(3) : '–',
        last ? last.loss.toFixed(3) : '–', last ? (100 * last.accuracy).toFixed(1) + ' %' : '–',
        now ? now.bits.toFixed(2) : '–', now ? bytes(now.bytesUp) : '–', now ? bytes(now.bytesDown) : '–'];
      const row = rows.insertRow();
      for (const text of cells) row.insertCell().textContent = text;
    }
  }
}

/** Who was left out, the last first; what is no more shown is told by a number. */
function fillAbsences(state) {
  const rows = document.getElementById('absences');
  rows.replaceChildren();
  for (const way of state.ways) {
    for (const client of way.clients) {
      const shown = client.absences.length;
      client.absences.slice().reverse().forEach((absence, i) => {
        const row = rows.insertRow();
        const away = i === 0 && client.away;
        const now = away ? 'away' : absence.back === null ? 'back' : 'back since step ' + absence.back;
        for (const text of [way.method, client.name, absence.step, absence.reason, now]) row.insertCell().textContent = text;
      });
      if (client.timesAbsent > shown) rows.insertRow().insertCell().textContent = client.name + ': ' + (client.timesAbsent - shown) + ' more before';
    }
  }
  document.getElementById('absent').hidden = rows.rows.length === 0;
}

async function refresh() {
  const status = document.getElementById('status');
  try {
    const state = await (await fetch('/state')).json();
    drawChart(state);
    drawHistogram(state);
    fillTable(state);
    fillAbsences(state);
    status.textContent = state.ways.length ? 'Across the cut now: ' + state.ways[state.ways.length - 1].method : 'Starting';
  } catch (e) {
    status.textContent = 'The demo has ended.';
  }
}

refresh();
setInterval(refresh, 1000);
