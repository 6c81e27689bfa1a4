// Pages as they are shown: where all are of one host, its name says nothing. What has no slash, such as "(other)", is no page.
export function commonHost(pages: string[]): string {
  const hosts = new Set(pages.filter((page) => page.includes("/")).map((page) => page.slice(0, page.indexOf("/"))));
  return hosts.size === 1 ? [...hosts][0]! : "";
}

// How each of these is shown.
export function shortener(pages: string[]): (page: string) => string {
  const host = commonHost(pages);
  return (page) => host !== "" && page.startsWith(`${host}/`) ? page.slice(host.length) : page;
}
