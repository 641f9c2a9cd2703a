/**
 * The headers the app is served with.
 *
 * Isolation gives onnxruntime-web its threads. The policy is the promise that nothing leaves the machine:
 * no off-origin request, no eval, no inline script. `style-src-attr 'unsafe-inline'` allows React's style={…}
 * (positions of marks, sizes of panes); style *elements* stay forbidden.
 */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

const shared = [
  "default-src 'self'",
  "worker-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

export const previewHeaders = {
  ...isolation,
  "Content-Security-Policy": [
    ...shared,
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src-elem 'self'",
    "style-src-attr 'unsafe-inline'",
    "connect-src 'self'",
  ].join("; "),
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

// Vite's dev server injects an inline preamble and style elements and talks over a web socket.
export const devHeaders = {
  ...isolation,
  "Content-Security-Policy": [
    ...shared,
    "script-src 'self' 'wasm-unsafe-eval' 'unsafe-inline'",
    "style-src 'self' 'unsafe-inline'",
    "connect-src 'self' ws:",
  ].join("; "),
};
