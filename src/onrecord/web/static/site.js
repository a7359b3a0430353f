// Comforts; every page works without them.

// A file dropped on the text goes into the field for files.
const file = document.querySelector('form.read input[type=file]');
const text = document.querySelector('form.read textarea');
if (file && text) {
  text.addEventListener('dragover', (event) => {
    if ([...event.dataTransfer.types].includes('Files')) {
      event.preventDefault();
      text.classList.add('over');
    }
  });
  text.addEventListener('dragleave', () => text.classList.remove('over'));
  text.addEventListener('drop', (event) => {
    text.classList.remove('over');
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    file.files = event.dataTransfer.files;
    file.focus();
  });
}

// A statement under the pointer, or with the focus in it, is lit in the text.
let lit = [];
function light(id) {
  for (const one of lit) one.classList.remove('lit');
  lit = id ? [...document.querySelectorAll(`.text [data-statements~="${CSS.escape(id)}"]`)] : [];
  for (const one of lit) one.classList.add('lit');
}
for (const entry of document.querySelectorAll('li[data-statement]')) {
  entry.addEventListener('pointerenter', () => light(entry.dataset.statement));
  entry.addEventListener('pointerleave', () => light(''));
  entry.addEventListener('focusin', () => light(entry.dataset.statement));
  entry.addEventListener('focusout', () => light(''));
}

// The statement that the address names is marked in the text and in the list, which scrolls to it within itself.
function mean() {
  for (const one of document.querySelectorAll('.meant')) one.classList.remove('meant');
  const place = document.getElementById(location.hash.slice(1));
  const entry = place?.matches('a.number') && document.getElementById(`${place.id}-entry`);
  if (!entry) return;
  const id = CSS.escape(entry.dataset.statement);
  for (const one of [entry, ...document.querySelectorAll(`.text [data-statements~="${id}"]`)]) one.classList.add('meant');
  const list = entry.closest('aside');
  list.scrollTop += entry.getBoundingClientRect().top - list.getBoundingClientRect().top - list.clientHeight / 3;
}
addEventListener('hashchange', mean);
mean();

// Escape takes away what a repair shows.
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && document.activeElement.matches('[data-was]')) document.activeElement.blur();
});

// Words marked with the pointer can be taken over into a field of the correcting form.
const passage = document.querySelector('[data-passage]');
if (passage) {
  for (const field of document.querySelectorAll('form.correct textarea:not(#note)')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'quiet';
    button.textContent = 'take the words marked above';
    button.addEventListener('click', () => {
      const marked = getSelection();
      if (marked.rangeCount && passage.contains(marked.anchorNode) && passage.contains(marked.focusNode)) {
        const words = marked.toString().trim();
        if (words) field.value = words;
      }
    });
    // The click must not take the marking away.
    button.addEventListener('mousedown', (event) => event.preventDefault());
    field.after(button);
  }
}
