import { createCipheriv, createDecipheriv, createSecretKey, hash, type KeyObject } from 'node:crypto';
import { type AnswerEvent, type Caller, GatewayError, type KeyRing, type Model } from '../../core/index.ts';

/** Whose reasoning it is: a token opens for this principal and this model alone. */
export interface ReasoningScope {
  readonly caller: Pick<Caller, 'tenant' | 'principal'>;
  readonly model: Pick<Model, 'id' | 'provider' | 'providerModelId'>;
}

/** What a model thought, and what its provider attached to it. */
export interface ModelReasoning {
  /** Absent where the provider shows none, or what the caller has is the very text. */
  readonly text?: string;
  readonly proof:
    | { readonly kind: 'signature'; readonly signature: string }
    | { readonly kind: 'encrypted'; readonly data: string };
}

/**
 * Keeps a model's reasoning for its next turn in the caller's hands.
 *
 * A provider signs or encrypts what its model thought and wants it back unchanged. The caller may see it masked only, and
 * what came back from a caller could be anybody's: so it gets a token instead (AES-256-GCM, the scope as associated
 * data), which nobody else can make, and which opens in no other place.
 */
export interface ReasoningSeals {
  /** `shown` is the text that the caller was given. Base64. */
  seal(reasoning: ModelReasoning & { readonly shown: string }, scope: ReasoningScope): string;
  /** Throws `uninspectable` for a token that was not made here for this scope, and for a text that was altered since. */
  open(token: string, shown: string | undefined, scope: ReasoningScope): ModelReasoning;
}

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** `random` gives that many random bytes. */
export function createReasoningSeals(keyRing: KeyRing, random: (length: number) => Uint8Array): ReasoningSeals {
  const key = createSecretKey(keyRing.derive('server/reasoning'));
  return {
    seal({ text, proof, shown }, scope) {
      // A text that was shown as it is need not travel twice.
      const held = { ...(text === undefined || text === shown ? {} : { text }), shown: digest(shown), proof };
      const nonce = random(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(toScopeBytes(scope));
      const sealed = [cipher.update(JSON.stringify(held)), cipher.final(), cipher.getAuthTag()];
      return Buffer.concat([Buffer.of(VERSION), nonce, ...sealed]).toString('base64');
    },
    open(token, shown, scope) {
      const held = decipher(key, token, scope);
      if (digest(shown ?? '') !== held.shown) throw refused('reasoning whose text was altered');
      const text = held.text ?? shown;
      return { proof: held.proof, ...(text === undefined || text === '' ? {} : { text }) };
    },
  };
}

interface Held extends ModelReasoning {
  readonly shown: string;
}

function decipher(key: KeyObject, token: string, scope: ReasoningScope): Held {
  const bytes = BASE64.test(token) ? Buffer.from(token, 'base64') : Buffer.alloc(0);
  const end = bytes.length - TAG_BYTES;
  const start = 1 + NONCE_BYTES;
  if (bytes[0] !== VERSION || end <= start) throw refused('reasoning that was not given out by this gateway');
  try {
    const opened = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, start))
      .setAAD(toScopeBytes(scope))
      .setAuthTag(bytes.subarray(end));
    // What `seal` wrote, authenticated.
    return JSON.parse(Buffer.concat([opened.update(bytes.subarray(start, end)), opened.final()]).toString());
  } catch (cause) {
    throw new GatewayError('uninspectable', {
      detail: 'reasoning that was given out to another caller or model',
      cause,
    });
  }
}

function refused(detail: string): GatewayError {
  return new GatewayError('uninspectable', { detail });
}

function digest(text: string): string {
  return hash('sha256', text, 'base64');
}

function toScopeBytes({ caller: { tenant, principal }, model }: ReasoningScope): Buffer {
  return Buffer.from(JSON.stringify([tenant, principal, model.id, model.provider, model.providerModelId]));
}

/** Seals the proofs of one answer on their way out. */
export interface AnswerSealer {
  /** Takes note of what the model said, before any of it is released. */
  note(said: readonly AnswerEvent[]): void;
  /** What may go out, its proofs as tokens. */
  seal(released: readonly AnswerEvent[]): readonly AnswerEvent[];
}

export function createAnswerSealer(seals: ReasoningSeals, scope: ReasoningScope): AnswerSealer {
  const thought = new Map<number, string>();
  const shown = new Map<number, string>();
  return {
    note: (said) => gather(said, thought),
    seal(released) {
      gather(released, shown);
      if (!released.some(({ kind }) => kind === 'proof')) return released;
      return released.map((event) => {
        if (event.kind !== 'proof') return event;
        const { index, proof } = event;
        if (proof.kind === 'sealed') throw new GatewayError('internal');
        const text = thought.get(index) ?? '';
        const token = seals.seal({ text, shown: shown.get(index) ?? '', proof }, scope);
        return { kind: 'proof', index, proof: { kind: 'sealed', token } } as const;
      });
    },
  };
}

/** Adds up the text of each reasoning block. */
function gather(events: readonly AnswerEvent[], texts: Map<number, string>): void {
  for (const event of events) {
    if (event.kind === 'blockStart' && event.block.kind === 'reasoning') texts.set(event.index, '');
    else if (event.kind === 'delta' && texts.has(event.index)) {
      texts.set(event.index, `${texts.get(event.index)}${event.text}`);
    }
  }
}
