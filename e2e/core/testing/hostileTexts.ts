/**
 * Texts that a target, its model or a budget may hold, and that no report may carry out. Each has a harmless letter at both ends, so that
 * none is empty once it is made plain.
 */
export const HOSTILE_TEXTS: Readonly<Record<string, string>> = {
  'end of a script': 'a</script><script>globalThis.isHostile = true</script>b',
  'end of a comment and of a style': 'a--></style>]]><b onclick=globalThis.isHostile=true>b',
  'element that runs': 'a<img src=x onerror="globalThis.isHostile = true">b',
  'end of an attribute': `a"'\`><svg/onload=globalThis.isHostile=true x="b`,
  'address that runs':
    'a](javascript:globalThis.isHostile=true) javascript:globalThis.isHostile=true b',
  entity: 'a&lt;script&gt;&#x3c;b&amp;b',
  template: `a\${globalThis.isHostile = true}{{constructor}}<%= 1 %>b`,
  'table cell': 'a | b |\n|---|\n# `b`',
  'mention and reference': 'a @team #1 owner/repository#2 https://example.com/ b',
  'command of a CI system': 'a\n::error::gone\n##[error]gone\r\n::stop-commands::x\nb',
  'terminal escapes': 'a\u001b[2J\u001b]8;;https://example.com\u0007\u009b31m\u0008b',
  NUL: 'a\u0000b',
  'right to left': 'a\u202e\u2066\u200f\u061cgpj.exe\u2069b',
  invisible: 'a\u200b\ufeff\u00ad\u2028\ud800b',
  'name of a prototype': '__proto__',
  'formula of a spreadsheet': '=cmd|" /C calc"!A0',
  'very long': `a${'<&"'.repeat(3000)}b`,
};
