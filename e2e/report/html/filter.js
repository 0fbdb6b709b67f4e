// Filters the table of measurements. Without this script the page shows all of them, and no filter.
(() => {
  const [filter, text, why, count] = ['filter', 'filter-text', 'filter-why', 'filter-count'].map(
    (id) => document.getElementById(id),
  );
  if (!(text instanceof HTMLInputElement && why instanceof HTMLSelectElement && filter && count)) {
    return;
  }
  const apply = () => {
    const wanted = text.value.trim().toLowerCase();
    let shown = 0;
    for (const group of document.querySelectorAll('tbody[data-group]')) {
      if (!(group instanceof HTMLElement)) continue;
      let any = false;
      for (const row of group.querySelectorAll('tr[data-why]')) {
        if (!(row instanceof HTMLElement)) continue;
        const found = `${group.dataset.group} ${row.textContent}`.toLowerCase().includes(wanted);
        row.hidden = !found || (why.value !== '' && row.dataset.why !== why.value);
        if (row.hidden) continue;
        any = true;
        shown++;
      }
      group.hidden = !any;
    }
    count.textContent = `${shown} shown`;
  };
  filter.hidden = false;
  text.addEventListener('input', apply);
  why.addEventListener('change', apply);
  // A link to a group that the filter hides shows everything again.
  addEventListener('hashchange', () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target?.hidden) return;
    text.value = '';
    why.value = '';
    apply();
    target.scrollIntoView();
  });
})();
