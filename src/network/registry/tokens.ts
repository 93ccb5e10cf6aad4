/**
 * Who may do what at the registry, as the public one has it: a client without a token is sent to the token server, which
 * gives everybody the right to pull what exists. There are no accounts here, so that every password is wrong.
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { queryValues } from '../http/request.ts';
import type { HttpHandler } from '../http/server.ts';
import type { HttpRequest } from '../http/request.ts';
import type { HttpResponse } from '../http/response.ts';
import { jsonAnswer, registryError } from './answers.ts';

/** A right, as scopes write it. */
export interface Scope {
  readonly type: 'repository' | 'registry';
  readonly name: string;
  readonly action: string;
}

/** Decides about a request: `undefined` lets it through, anything else is the answer. */
export type AccessRule = (request: HttpRequest, scope?: Scope) => HttpResponse | undefined;

const service = 'registry.docker.io';
const lifeSeconds = 300;
const maximumTokens = 500;

export class TokenServer {
  readonly #realm: string;
  readonly #canPull: (repository: string) => boolean;
  /** Repositories that a token lets pull, oldest token first. */
  readonly #tokens = new Map<string, { readonly repositories: ReadonlySet<string>; readonly expires: number }>();

  /** @param realm URL of `handler` */
  constructor(realm: string, canPull: (repository: string) => boolean) {
    this.#realm = realm;
    this.#canPull = canPull;
  }

  /** The token server: `GET /token?service=...&scope=repository:library/nginx:pull`. */
  readonly handler: HttpHandler = async (request) => {
    if (request.path !== '/token' || !['GET', 'HEAD'].includes(request.method)) return jsonAnswer({ details: 'not found' }, { status: 404 });
    if (request.headers.has('authorization')) return jsonAnswer({ details: 'incorrect username or password' }, { status: 401 });
    const asked = queryValues(request, 'scope').flatMap((value) => value.split(' '));
    const repositories = asked.flatMap((scope) => /^repository(?:\([^)]*\))?:([^:]+):(?:.*,)?pull(?:,.*)?$/.exec(scope)?.[1] ?? []);
    const now = Date.now();
    const token = bytesToHex(crypto.getRandomValues(new Uint8Array(32)));
    this.#tokens.set(token, { repositories: new Set(repositories.filter(this.#canPull)), expires: now + lifeSeconds * 1000 });
    const oldest = this.#tokens.keys().next();
    if (this.#tokens.size > maximumTokens && oldest.done !== true) this.#tokens.delete(oldest.value);
    return jsonAnswer({ token, access_token: token, expires_in: lifeSeconds, issued_at: new Date(now).toISOString() });
  };

  /** The registry's side: asks for a token, and refuses what it does not grant. */
  readonly rule: AccessRule = (request, scope) => {
    const sent = /^Bearer ([0-9a-f]{64})$/i.exec(request.headers.get('authorization') ?? '')?.[1];
    const known = sent === undefined ? undefined : this.#tokens.get(sent);
    if (known === undefined || known.expires < Date.now()) return this.#challenge(scope, false);
    if (scope === undefined) return undefined;
    const granted = scope.type === 'repository' && scope.action === 'pull' && known.repositories.has(scope.name);
    return granted ? undefined : this.#challenge(scope, true);
  };

  #challenge(scope: Scope | undefined, insufficient: boolean): HttpResponse {
    const actions = scope?.action === 'push' ? 'pull,push' : scope?.action;
    const parameters = { realm: this.#realm, service, ...(scope && { scope: `${scope.type}:${scope.name}:${actions}` }), ...(insufficient && { error: 'insufficient_scope' }) };
    const challenge = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`).join(',');
    const detail = scope === undefined ? null : [{ Type: scope.type, Class: '', Name: scope.name, Action: scope.action }];
    return registryError('UNAUTHORIZED', detail, { 'WWW-Authenticate': `Bearer ${challenge}` });
  }
}

/** Nobody needs a token: mirrors. */
export const openToAll: AccessRule = () => undefined;
