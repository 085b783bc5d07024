import { createSecretKey, hash } from 'node:crypto';
import { type AnswerEvent, type Caller, GatewayError, type KeyRing, type Model } from '../../core/index.ts';
import { createSealedBox, type SealedBox } from '../sealed-box.ts';

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

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** `random` gives that many random bytes. */
export function createReasoningSeals(keyRing: KeyRing, random: (length: number) => Uint8Array): ReasoningSeals {
  const box = createSealedBox(createSecretKey(keyRing.derive('server/reasoning')), random);
  return {
    seal({ text, proof, shown }, scope) {
      // A text that was shown as it is need not travel twice.
      const held = { ...(text === undefined || text === shown ? {} : { text }), shown: digest(shown), proof };
      return box.seal(Buffer.from(JSON.stringify(held)), toScopeBytes(scope)).toString('base64');
    },
    open(token, shown, scope) {
      const held = unseal(box, token, scope);
      if (digest(shown ?? '') !== held.shown) throw refused('reasoning whose text was altered');
      const text = held.text ?? shown;
      return { proof: held.proof, ...(text === undefined || text === '' ? {} : { text }) };
    },
  };
}

interface Held extends ModelReasoning {
  readonly shown: string;
}

function unseal(box: SealedBox, token: string, scope: ReasoningScope): Held {
  if (!BASE64.test(token)) throw refused('reasoning that was not given out by this gateway');
  try {
    // What `seal` wrote, authenticated.
    return JSON.parse(box.open(Buffer.from(token, 'base64'), toScopeBytes(scope)).toString());
  } catch (cause) {
    throw refused('reasoning that was not given out by this gateway, to this caller and for this model', cause);
  }
}

function refused(detail: string, cause?: unknown): GatewayError {
  return new GatewayError('uninspectable', { detail, cause });
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
