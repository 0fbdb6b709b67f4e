import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../testing/temporaryFolder.ts';

const SCRIPT = fileURLToPath(new URL('../../.github/comment.sh', import.meta.url));
const MARKER = '<!-- performance comparison -->';

type GitHub = {
  /** The files of the artifact; null: the run has none. */
  artifact?: { number: string; summary: string } | null;
  /** Is the number a link to another file? */
  isLinked?: boolean;
  head?: string;
  /** Answer to the question for the script's own comments. */
  mine?: string;
  /** The request that fails. */
  fails?: string;
};

/** Runs the script with a `gh` that gives these answers. What it would post is in `posted`, with the request. */
function comment(github: GitHub) {
  const { artifact = { number: '7', summary: '# Fine\n' }, isLinked, head = 'abc', mine } = github;
  using temporary = temporaryFolder();
  const folder = temporary.path;
  if (artifact !== null) {
    if (isLinked === true) symlinkSync('/etc/hostname', path.join(folder, 'number'));
    else writeFileSync(path.join(folder, 'number'), artifact.number);
    writeFileSync(path.join(folder, 'summary'), artifact.summary);
  }
  writeFileSync(
    path.join(folder, 'gh'),
    `#!/bin/bash
    case "$*" in
      *"${github.fails ?? 'nothing fails'}"*) exit 1;;
      *body=@comment.md) echo "$*" > request; cp comment.md posted;;
      *artifacts?name=perf-comparison-2*) echo ${artifact === null ? 0 : 1};;
      "run download 9 --repo shop/harness --name perf-comparison-2 --dir comparison")
        mkdir comparison; cp -P number comparison/pull-request; cp summary comparison/summary.md;;
      *pulls/7*) echo ${head};;
      *issues/7/comments*) echo "$*" > asked; printf '${mine ?? ''}';;
      *) echo "unexpected: $*" >&2; exit 1;;
    esac`,
    { mode: 0o755 },
  );
  const { status, stderr } = spawnSync('bash', [SCRIPT], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: `${folder}:${process.env.PATH}`,
      GITHUB_REPOSITORY: 'shop/harness',
      RUN_ID: '9',
      RUN_ATTEMPT: '2',
      HEAD_SHA: 'abc',
    },
  });
  assert.doesNotMatch(stderr, /gh: line|unexpected/);
  const read = (name: string) => {
    const file = path.join(folder, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : null;
  };
  const files = readdirSync(folder);
  const [posted, request, asked] = [read('posted'), read('request')?.trim(), read('asked')];
  return { status, stderr, posted, request, asked, files };
}

test('the first comparison of a pull request becomes a comment', () => {
  const { status, posted, request, stderr } = comment({});
  assert.equal(status, 0, stderr);
  assert.equal(posted, `${MARKER}\n# Fine\n`);
  assert.equal(
    request,
    'api --silent repos/shop/harness/issues/7/comments --field body=@comment.md',
  );
});

test('a later comparison replaces the first, in the comment of the workflow and no other', () => {
  const { request, asked } = comment({ mine: '31\n32\n' });
  const filter = `.user.login == "github-actions[bot]" and ((.body // "") | startswith("${MARKER}"))`;
  assert.ok(asked?.includes(`select(${filter})`), asked ?? '');
  assert.match(request ?? '', /--method PATCH repos\/shop\/harness\/issues\/comments\/31 /);
});

test('a comparison is shown only on the pull request whose head it measured', () => {
  const { status, posted } = comment({ head: 'def' });
  assert.deepEqual([status, posted], [0, null]);
});

test('a run without a comparison leaves no comment and does not fail', () => {
  const { status, posted } = comment({ artifact: null });
  assert.deepEqual([status, posted], [0, null]);
});

for (const number of [
  '',
  '0',
  '-7',
  '7/comments',
  '7;touch run',
  '$(touch run)',
  '7\n8',
  '７',
  '12345678901234567890123',
]) {
  test(`"${number.replace('\n', '\\n')}" is no pull request, and nothing is posted`, () => {
    const { status, posted, files } = comment({ artifact: { number, summary: '' } });
    assert.deepEqual([status, posted, files.includes('run')], [1, null, false]);
  });
}

test('a link in the artifact is not followed', () => {
  const { status, posted, stderr } = comment({ isLinked: true });
  assert.deepEqual([status, posted], [1, null]);
  assert.match(stderr, /holds a link/);
});

test('a hostile summary is posted, and runs nothing', () => {
  const summary = `$(touch run) \`touch run\` "; touch run; "\n'; touch run #\n\${IFS} @/etc/passwd\nEOF\n`;
  const { posted, files } = comment({ artifact: { number: '7', summary } });
  assert.equal(posted, `${MARKER}\n${summary.replace('@', '@&#8203;')}`);
  assert.ok(!files.includes('run'));
});

test('a comment mentions no one and refers to no issue, and keeps what the summary escaped', () => {
  const summary = '@team \\@team &#64;team &commat;team shop/x#7 \\#7 # \\@&#8203;team \\& <b>\n';
  const { posted } = comment({ artifact: { number: '7', summary } });
  const sent = '@&#8203;team';
  assert.equal(
    posted,
    `${MARKER}\n${sent} \\${sent} &amp;#&#8203;64;team &amp;commat;team shop/x#&#8203;7 \\#&#8203;7 # \\${sent} &amp; <b>\n`,
  );
});

test('a summary that GitHub would refuse for its length is cut, and says where the rest is', () => {
  const { posted } = comment({ artifact: { number: '7', summary: 'ä'.repeat(100_000) } });
  assert.ok((posted?.length ?? 0) < 65_536);
  assert.match(posted ?? '', /ä\n\n… The whole summary is in the artifact `perf-comparison-2`/);
});

for (const fails of ['artifacts?name', 'run download', 'pulls/7', 'comments?per_page', 'body=']) {
  test(`the script fails if GitHub does not answer ${fails}`, () => {
    const { status, posted } = comment({ fails });
    assert.deepEqual([status, posted], [1, null]);
  });
}
