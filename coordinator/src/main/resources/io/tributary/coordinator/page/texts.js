// How the live page writes numbers, sizes and times, and makes elements.
'use strict';

const grouped = (n) => n.toLocaleString('en-US');
const counted = (n, what) => `${grouped(n)} ${what}${n === 1 ? '' : 's'}`;

function bytes(n) {
  if (n < 1000) return `${n} B`;
  let value = n;
  let unit = -1;
  do {
    value /= 1000;
    unit++;
  } while (value >= 999.5 && unit < 4);
  return `${value < 99.95 ? value.toFixed(1) : value.toFixed(0)} ${['kB', 'MB', 'GB', 'TB', 'PB'][unit]}`;
}

function times(ratio) {
  return `${ratio < 9.95 ? ratio.toFixed(1) : grouped(Math.round(ratio))}×`;
}

function duration(millis) {
  const s = Math.max(0, Math.floor(millis / 1000));
  const two = (n) => String(n).padStart(2, '0');
  const h = Math.floor(s / 3600);
  return h > 0
    ? `${h}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`
    : `${Math.floor(s / 60)}:${two(s % 60)}`;
}

function write(id, text) {
  const element = typeof id === 'string' ? document.getElementById(id) : id;
  if (element.textContent !== text) element.textContent = text;
}

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function drawn(name, attributes, ...children) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  made.append(...children);
  return made;
}
