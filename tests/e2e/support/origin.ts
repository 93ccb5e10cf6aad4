/** Addresses of the site under test: the same server, once as a secure context and once as plain http on a LAN. */

/** Any name but localhost: what it serves over plain http is no secure context. Chromium is told where it is. */
export const insecureHost = 'drydock.test';

/** Where the global set-up keeps the port for the workers. */
export const portVariable = 'DRYDOCK_E2E_PORT';

/** Origin of the site. Throws outside of a test run. */
export function siteOrigin(host = '127.0.0.1'): string {
  const port = process.env[portVariable];
  if (port === undefined) throw new Error(`${portVariable} is not set: the global set-up did not run`);
  return `http://${host}:${port}`;
}
