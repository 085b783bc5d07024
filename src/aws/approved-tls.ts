/**
 * What NIST SP 800-52 Rev. 2, section 3.3 approves of TLS 1.2 and 1.3, with forward secrecy and authenticated encryption
 * alone; curves of SP 800-186. For `createSecureContext`, `connect` and agents.
 */
export const approvedTls = {
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_256_GCM_SHA384',
    'TLS_AES_128_GCM_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
  ].join(':'),
  ecdhCurve: 'P-256:P-384:P-521',
} as const;
