import type { ColumnType } from 'kysely';
import type { Credential, PrincipalId, TenantId } from '../core/index.ts';

/** libsql takes every array of bytes for a blob and gives it back as an `ArrayBuffer`. */
type Blob = ColumnType<ArrayBuffer | Uint8Array, Uint8Array, never>;
type Fixed<T> = ColumnType<T, T, never>;

/** The tables of the state file. Times are epoch milliseconds. */
export interface Tables {
  readonly credentials: {
    readonly id: Fixed<string>;
    readonly kind: Fixed<Credential['kind']>;
    readonly tenant: Fixed<TenantId>;
    readonly principal: Fixed<PrincipalId>;
    readonly secret: Blob;
    readonly created_at: Fixed<number>;
    readonly expires_at: Fixed<number | null>;
    readonly revoked_at: number | null;
  };
  readonly wrapped_keys: {
    readonly tenant: Fixed<string>;
    readonly subject: Fixed<string>;
    readonly key_id: Blob;
    readonly wrapped: Blob;
  };
}
