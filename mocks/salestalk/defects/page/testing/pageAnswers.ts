import { testSalestalk } from '../../../testing/testSalestalk.ts';

export type PageAnswer = { url: string; status: number; headers: Headers; text: string };

/** What a visitor's browser would get: the page, and then everything that it names. */
export async function pageAnswers(
  ...defects: string[]
): Promise<{ page: PageAnswer; assets: Map<string, PageAnswer> }> {
  await using salestalk = await testSalestalk({ defects });
  const get = async (path: string): Promise<PageAnswer> => {
    const response = await fetch(`${salestalk.url}${path}`);
    const { status, headers } = response;
    return { url: path, status, headers, text: await response.text() };
  };
  const page = await get('/');
  const urls = [...page.text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(
    ([, url]) => url ?? '',
  );
  const assets = await Promise.all(urls.map(get));
  return {
    page,
    // By name alone: two versions of the page differ in the rest of the path.
    assets: new Map(
      assets.map((asset) => [asset.url.slice(asset.url.lastIndexOf('/') + 1), asset]),
    ),
  };
}
