// What a new installation is sent a first hit with.
export const script = (collectUrl: string, key: string) =>
  `<script async src="${collectUrl}/tracker.js" data-key="${key}"></script>`;

export const request = (collectUrl: string, key: string) => `curl -u ${key}: -H 'Content-Type: application/json' \\
  -A 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' \\
  -d '{"anonymousId": "a-first-visitor", "context": {"page": {"path": "/hello", "title": "Hello"}}}' \\
  ${collectUrl}/v1/page`;
