// Draws the bars of each `figure.chart` from the table inside it; without this script the table is what there is.
import { View } from 'vega-view';
import { expressionInterpreter } from 'vega-interpreter';
import flow from 'virtual:flow';

const HEIGHT = 130;

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
  const view = new View(flow, { expr: expressionInterpreter, renderer: 'svg', container: place, hover: false });
  const fit = () => view.width(place.clientWidth).height(HEIGHT).runAsync();
  view.data('rows', rowsOf(figure.querySelector('table')));
  fit().then(() => {
    figure.classList.add('drawn');
    new ResizeObserver(fit).observe(place);
  });
}

for (const figure of document.querySelectorAll('figure.chart')) draw(figure);
