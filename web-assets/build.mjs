// Makes src/onrecord/web/static/vendor: htmx as it is, and chart.js, which is Vega cut down to what our one chart needs.
//
// Vega whole is 193 kB compressed, more than a page may weigh. Our chart never changes, so Vega-Lite compiles it here,
// Vega's parser turns it into a flow of operators here, and the browser gets that flow, the operators in it, and the
// interpreter that runs its expressions without `eval`.
import { readFileSync, writeFileSync, copyFileSync, mkdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { compile } from 'vega-lite';
import { parse } from 'vega';
import * as transforms from 'vega-transforms';
import * as views from 'vega-view-transforms';
import * as encode from 'vega-encode';

const OUT = new URL('../src/onrecord/web/static/vendor/', import.meta.url).pathname;
const PACKAGES = { 'vega-transforms': transforms, 'vega-view-transforms': views, 'vega-encode': encode };

function operators(flow, found = new Set()) {
  if (flow && typeof flow === 'object') {
    if (Array.isArray(flow.operators)) for (const one of flow.operators) found.add(one.type);
    for (const value of Object.values(flow)) operators(value, found);
  }
  return found;
}

function flowModule() {
  const chart = JSON.parse(readFileSync(new URL('bars.vl.json', import.meta.url)));
  const flow = parse(compile(chart).spec, {}, { ast: true });
  const lines = ["import { transforms } from 'vega-dataflow';"];
  for (const type of operators(flow)) {
    if (type === 'operator') continue; // the plain one, which is the flow's own
    const home = Object.keys(PACKAGES).find((name) => type in PACKAGES[name]);
    if (!home) throw new Error(`no package has the operator ${type}`);
    lines.push(`import { ${type} } from '${home}';`, `transforms.${type} = ${type};`);
  }
  return [...lines, `export default ${JSON.stringify(flow)};`].join('\n');
}

// What Vega's packages import for maps, files and colour schemes, none of which our chart has.
const UNUSED = /^(d3-geo|d3-scale-chromatic|topojson-client|d3-dsv|d3-time-format)$/;

const virtual = {
  name: 'flow',
  setup(builder) {
    builder.onResolve({ filter: UNUSED }, ({ path }) => ({ path, namespace: 'unused' }));
    builder.onLoad({ filter: /.*/, namespace: 'unused' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== 'default');
      return { contents: names.map((name) => `export const ${name} = [];`).join('\n'), loader: 'js' };
    });
    builder.onResolve({ filter: /^virtual:flow$/ }, () => ({ path: 'flow', namespace: 'virtual' }));
    builder.onLoad({ filter: /.*/, namespace: 'virtual' }, () => ({
      contents: flowModule(),
      resolveDir: new URL('.', import.meta.url).pathname,
    }));
  },
};

mkdirSync(OUT, { recursive: true });
const made = await build({
  entryPoints: ['chart.mjs'], bundle: true, minify: true, format: 'iife', target: 'es2022', charset: 'utf8',
  legalComments: 'none', outfile: `${OUT}chart.js`, plugins: [virtual], metafile: true,
});
// What the tests look at the pages with; not shipped.
const TESTS = new URL('../tests/vendor/', import.meta.url).pathname;
mkdirSync(TESTS, { recursive: true });
copyFileSync('node_modules/axe-core/axe.min.js', `${TESTS}axe.min.js`);
copyFileSync('node_modules/htmx.org/dist/htmx.min.js', `${OUT}htmx.js`);
for (const name of ['chart.js', 'htmx.js']) console.log(name, gzipSync(readFileSync(OUT + name)).length, 'bytes compressed');

// The terms of all that went in, each text once with the packages it covers.
const packages = ['htmx.org', ...new Set(Object.keys(Object.values(made.metafile.outputs)[0].inputs)
  .filter((path) => path.startsWith('node_modules/')).map((path) => path.split('/')[1]))];
const terms = new Map();
for (const name of packages.sort()) {
  const text = readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim();
  terms.set(text, [...(terms.get(text) ?? []), `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version}`]);
}
writeFileSync(`${OUT}LICENSES.txt`, [...terms].map(([text, names]) => `${names.join(', ')}\n\n${text}\n`).join('\n----\n\n'));

if (process.env.SIZES) {
  const bytes = {};
  for (const [path, one] of Object.entries(Object.values(made.metafile.outputs)[0].inputs)) {
    const name = path.split('node_modules/').pop().split('/')[0];
    bytes[name] = (bytes[name] ?? 0) + one.bytesInOutput;
  }
  console.log(Object.entries(bytes).sort((a, b) => b[1] - a[1]));
}
