/**
 * Keys that are known by more than what they begin with: a text that each of them holds, how many units may stand in
 * front of it, and the whole as the source of a pattern.
 *
 * Facts from the rules of gitleaks, as in `api-key.data.ts`.
 */
export const keyShapes: readonly (readonly [mark: string, before: number, pattern: string])[] = [
  // Azure, a client's secret.
  ['Q~', 4, '(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])'],
  // 1Password, an account's secret key.
  [
    'A3-',
    0,
    '(?<![A-Za-z0-9-])A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}(?![A-Za-z0-9-])',
  ],
  ['-us', 32, '(?<![0-9A-Za-z])[0-9a-f]{32}-us[0-9]{1,2}(?![0-9A-Za-z])'],
  // Facebook, an app's access token.
  ['|', 16, '(?<![0-9A-Za-z])[0-9]{15,16}\\|[A-Za-z0-9_-]{27,40}(?![A-Za-z0-9_-])'],
  // MaxMind.
  ['_mmk', 36, '(?<![A-Za-z0-9])[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk(?![A-Za-z0-9_-])'],
  // Terraform.
  ['.atlasv1.', 14, '(?<![A-Za-z0-9])[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_=-]{60,70}'],
  // Telegram, a bot.
  [':A', 16, '(?<![0-9A-Za-z:])[0-9]{8,16}:A[A-Za-z0-9_-]{34}(?![A-Za-z0-9_-])'],
  ['hooks.slack.com/', 0, 'hooks\\.slack\\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{40,80}'],
  [
    'webhook.office.com/',
    0,
    'webhook\\.office\\.com/webhookb2/[A-Za-z0-9-]{36}@[A-Za-z0-9-]{36}/IncomingWebhook/[A-Za-z0-9]{32}/[A-Za-z0-9-]{36}',
  ],
  ['sgp_', 0, '(?<![A-Za-z0-9])sgp_(?:[0-9A-Fa-f]{16}_|local_)?[0-9A-Fa-f]{40}(?![A-Za-z0-9_-])'],
  // Sidekiq, the credentials of its gems.
  ['CONTRIBSYS__COM', 0, '(?<=CONTRIBSYS__COM ?[:=] ?["\']?)[0-9a-f]{8}:[0-9a-f]{8}(?![0-9a-f])'],
];
