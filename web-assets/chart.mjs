// Draws the bars of each `figure.chart` from the table inside it; without this script the table is what there is.
import { View } from 'vega-view';
import { expressionInterpreter } from 'vega-interpreter';
import flow from 'virtual:flow';

const HEIGHT = 130;
const A_MONTH = 64; // pixels at most: a bar as wide as a page says no more
const AXIS = 40;

// Row by row: the month in the row's head, and one bar for each cell of a column that names a series.
function rowsOf(table) {
  const series = [...table.tHead.rows[0].cells].map((cell) => cell.dataset.series);
  return [...table.tBodies[0].rows].flatMap((row) =>
    [...row.cells].flatMap((cell, n) => {
      if (!series[n]) return [];
      const count = Number(cell.dataset.count);
      return [{ month: row.cells[0].textContent.trim(), series: series[n], count: series[n] === 'down' ? -count : count }];
    })
  );
}

function draw(figure) {
  const place = document.createElement('div');
  place.className = 'bars';
  place.setAttribute('aria-hidden', 'true'); // the table says the same in words
  figure.prepend(place);
  const rows = rowsOf(figure.querySelector('table'));
  const most = AXIS + A_MONTH * new Set(rows.map((row) => row.month)).size;
  const view = new View(flow, { expr: expressionInterpreter, renderer: 'svg', container: place, hover: false });
  const fit = () => view.width(Math.min(place.clientWidth, most)).height(HEIGHT).runAsync();
  view.data('rows', rows);
  fit().then(() => {
    figure.classList.add('drawn');
    new ResizeObserver(fit).observe(place);
  });
}

for (const figure of document.querySelectorAll('figure.chart')) draw(figure);
