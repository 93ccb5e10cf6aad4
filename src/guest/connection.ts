/** Handshake, channel numbers and dispatch on one link. The operations on top of it are in the files beside. */
import { systemClock, type Clock } from '../shared/clock.ts';
import { DrydockError, reasonOf } from '../shared/errors.ts';
import { HelloSeeker } from '../shared/hello-seeker.ts';
import { ByteWriter } from './bytes.ts';
import { Channel, type ChannelHost, type ChannelReceiver } from './channel.ts';
import { controlChannel, encodeFrame, FrameParser, type Frame, FrameType, lastChannel, protocolVersion } from './frames.ts';
import type { GuestLink } from './link.ts';

export interface HelloOptions {
  /** How long the agent may take to answer. 10 s unless given. */
  timeoutMs?: number;
  /** Say hello again after this long without an answer: an agent that is only starting drops what it finds. Off unless given. */
  retryEveryMs?: number;
  signal?: AbortSignal;
}

const defaultHelloTimeoutMs = 10_000;

/**
 * For a machine that was not waiting to be greeted: its agent may be starting, or have been saved in the middle of its work
 * and miss a HELLO, and a slow computer takes its time.
 */
export const patientGreeting = { timeoutMs: 60_000, retryEveryMs: 2000 } as const satisfies HelloOptions;

type State =
  | { name: 'idle' }
  | { name: 'greeting'; nonce: number; seeker: HelloSeeker; answered: PromiseWithResolvers<void> }
  | { name: 'ready'; parser: FrameParser }
  | { name: 'failed'; reason: unknown };

export class AgentConnection implements ChannelHost {
  /** Times every wait for the guest. */
  readonly clock: Clock;
  readonly #link: GuestLink;
  readonly #channels = new Map<number, Channel>();
  readonly #lost = Promise.withResolvers<DrydockError>();
  #state: State = { name: 'idle' };

  constructor(link: GuestLink, clock: Clock = systemClock) {
    this.#link = link;
    this.clock = clock;
    link.onReceive((bytes) => this.#receive(bytes));
    link.onClose((reason) => this.#fail(reason));
  }

  /** Resolves (never rejects) with the reason once the link is of no use any more. */
  get lost(): Promise<DrydockError> {
    return this.#lost.promise;
  }

  /**
   * Greets the agent, which ends every channel that was open. Whatever arrives before its answer belongs to an earlier
   * life of the machine and is dropped, even if it starts in the middle of a frame.
   */
  async hello(options: HelloOptions = {}): Promise<void> {
    const { timeoutMs = defaultHelloTimeoutMs, retryEveryMs, signal } = options;
    if (this.#state.name === 'failed') throw this.#lostError('greeting the agent');
    if (this.#state.name === 'greeting') this.#state.answered.reject(new DrydockError('operation-cancelled', { what: 'greeting the agent' }));
    if (signal?.aborted) throw new DrydockError('operation-cancelled', { what: 'greeting the agent' }, { cause: signal.reason });
    this.#loseChannels(new Error('the agent was greeted anew'));

    const nonce = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
    const answered = Promise.withResolvers<void>();
    this.#state = { name: 'greeting', nonce, seeker: new HelloSeeker(), answered };
    const greet = () => this.sendFrame(controlChannel, FrameType.HELLO, new ByteWriter().u32(protocolVersion).u32(nonce).finish());

    const onAbort = () => answered.reject(new DrydockError('operation-cancelled', { what: 'greeting the agent' }, { cause: signal?.reason }));
    const cancelGivingUp = this.clock.after(timeoutMs, () => answered.reject(new DrydockError('guest-agent-missing', { seconds: Math.round(timeoutMs / 1000) })));
    let cancelRetry = (): void => undefined;
    const again = () => {
      greet();
      if (retryEveryMs !== undefined) cancelRetry = this.clock.after(retryEveryMs, again);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      again();
      await answered.promise;
    } catch (error) {
      if (this.#isGreetingWith(nonce)) this.#state = { name: 'idle' };
      throw error;
    } finally {
      cancelGivingUp();
      cancelRetry();
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Opens a channel. Raises DD2005 when all are in use, DD2012 when the link is gone, DD2002 before `hello`. */
  open(payload: Uint8Array, what: string, receiver: ChannelReceiver): Channel {
    if (this.#state.name === 'failed') throw this.#lostError(what);
    if (this.#state.name !== 'ready') throw new DrydockError('guest-agent-missing', { seconds: 0 });
    let number = 1;
    while (this.#channels.has(number)) number += 1;
    if (number > lastChannel) throw new DrydockError('channels-exhausted', { limit: lastChannel });
    const frame = encodeFrame(number, FrameType.OPEN, payload);
    const channel = new Channel(number, what, this, receiver);
    this.#channels.set(number, channel);
    this.#link.send(frame);
    return channel;
  }

  sendFrame(channel: number, type: number, payload?: Uint8Array): void {
    if (this.#state.name === 'failed') return;
    this.#link.send(encodeFrame(channel, type, payload));
  }

  /** A control frame; raises DD2012 when the link is gone. */
  sendControl(type: number, payload: Uint8Array, what: string): void {
    if (this.#state.name === 'failed') throw this.#lostError(what);
    this.sendFrame(controlChannel, type, payload);
  }

  #isGreetingWith(nonce: number): boolean {
    return this.#state.name === 'greeting' && this.#state.nonce === nonce;
  }

  #receive(bytes: Uint8Array): void {
    try {
      if (this.#state.name === 'greeting') this.#seekAnswer(this.#state, bytes);
      else if (this.#state.name === 'ready') this.#state.parser.push(bytes);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Looks for the exact HELLO_ACK with our nonce among bytes that mean nothing. */
  #seekAnswer(state: Extract<State, { name: 'greeting' }>, bytes: Uint8Array): void {
    const answer = state.seeker.push(bytes, (nonce) => nonce === state.nonce);
    if (answer === undefined) return;
    const { version, rest } = answer;
    if (version !== protocolVersion) {
      state.answered.reject(new DrydockError('guest-agent-version', { expected: protocolVersion, actual: version }));
      return;
    }
    const parser = new FrameParser((frame) => this.#dispatch(frame));
    this.#state = { name: 'ready', parser };
    state.answered.resolve();
    parser.push(rest);
  }

  #dispatch(frame: Frame): void {
    if (this.#state.name !== 'ready') return;
    if (frame.channel === controlChannel) {
      // A second HELLO_ACK answers a repeated HELLO; LINK_ACK is the business of the link's owner.
      if (frame.type === FrameType.HELLO_ACK || frame.type === FrameType.LINK_ACK) return;
      throw new DrydockError('link-protocol-error', { detail: `frame type ${frame.type} on the control channel` });
    }
    const channel = this.#channels.get(frame.channel);
    if (channel === undefined) {
      throw new DrydockError('link-protocol-error', { detail: `frame type ${frame.type} on channel ${frame.channel}, which is not open` });
    }
    if (channel.receive(frame)) this.#channels.delete(frame.channel);
  }

  #fail(reason: unknown): void {
    if (this.#state.name === 'failed') return;
    const before = this.#state;
    this.#state = { name: 'failed', reason };
    const error = this.#lostError('the link');
    if (before.name === 'greeting') before.answered.reject(error);
    this.#loseChannels(reason);
    this.#lost.resolve(error);
  }

  #loseChannels(reason: unknown): void {
    const channels = [...this.#channels.values()];
    this.#channels.clear();
    for (const channel of channels) channel.lose(reason);
  }

  #lostError(what: string): DrydockError {
    const reason = this.#state.name === 'failed' ? this.#state.reason : new Error('closed');
    return new DrydockError('link-closed', { what, reason: reasonOf(reason) }, { cause: reason });
  }
}
