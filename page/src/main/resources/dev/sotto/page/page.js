// Keeps "Training now" up to date. Everything else works without scripts.
(() => {
  'use strict';
  const box = document.getElementById('activity');
  if (!box) {
    return;
  }
  const said = document.getElementById('said');
  const lost = document.getElementById('lost');
  const changed = document.getElementById('changed');
  const state = box.dataset.state;
  let misses = 0;

  const show = (fresh) => {
    box.replaceChildren(...fresh.childNodes);
    if (said.textContent !== fresh.dataset.said) {
      said.textContent = fresh.dataset.said;
    }
    if (changed && fresh.dataset.state !== state) {
      changed.hidden = false;
    }
  };

  const look = async () => {
    if (!document.hidden) {
      try {
        const answer = await fetch(box.dataset.from, { cache: 'no-store', redirect: 'error' });
        if (answer.status === 401) {
          location.reload();
          return;
        }
        const text = await answer.text();
        const fresh = new DOMParser().parseFromString(text, 'text/html').getElementById('activity');
        if (fresh) {
          show(fresh);
          misses = 0;
        }
      } catch {
        misses += 1;
      }
      lost.hidden = misses < 3;
    }
    setTimeout(look, misses < 3 ? 1000 : 5000);
  };
  setTimeout(look, 1000);
})();
