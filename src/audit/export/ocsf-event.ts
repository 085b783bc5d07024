interface Fingerprint {
  readonly algorithm_id: 3;
  readonly algorithm: 'SHA-256';
  readonly value: string;
}

/** An entry of the log that a part of the exchange is in, in the words of OCSF's profile `record_integrity`. */
export interface OcsfAttestation {
  /** The entry's place in the log. */
  readonly uid: string;
  /** Of the log's checkpoint. */
  readonly chain_uid: string;
  /** The entry's Merkle leaf hash. */
  readonly fingerprint: Fingerprint;
}

/** API Activity (class 6003) of OCSF 1.8.0 with the profile `ai_operation`, as far as an exchange fills it. */
export interface OcsfEvent {
  readonly metadata: {
    readonly version: '1.8.0';
    readonly profiles: readonly ['ai_operation'];
    readonly product: { readonly name: string; readonly vendor_name: string };
    readonly uid: string;
    readonly sequence: number;
    readonly log_name: string;
    readonly tenant_uid: string;
    readonly tags: readonly { readonly name: string; readonly value: string }[];
  };
  readonly category_uid: 6;
  readonly category_name: 'Application Activity';
  readonly class_uid: 6003;
  readonly class_name: 'API Activity';
  readonly activity_id: number;
  readonly activity_name: string;
  readonly type_uid: number;
  readonly type_name: string;
  readonly time: number;
  readonly start_time: number;
  readonly end_time?: number;
  readonly duration?: number;
  readonly severity_id: number;
  readonly severity: string;
  readonly status_id: number;
  readonly status: string;
  readonly status_code?: string;
  readonly status_detail?: string;
  readonly actor: object;
  readonly api: object;
  readonly src_endpoint: { readonly name: 'unknown'; readonly type_id: 0 };
  readonly ai_model: { readonly name: string; readonly uid: string; readonly ai_provider: string };
  readonly message_context: object;
  readonly resources: readonly object[];
  readonly unmapped: object;
}
