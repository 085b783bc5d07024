import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Gateways, their threads and tests load the same files hundreds of times: compiled once, they take half the time. Code
// that comes out of the cache is not counted right by V8.
if (!process.argv.some((word) => word.startsWith('--coverage'))) {
  process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/sallyport-tests');
}

// Limits for what hangs, not for what is slow: a machine that does other things besides may take ten times as long.
const patience = { testTimeout: 300_000, hookTimeout: 300_000, expect: { poll: { timeout: 30_000 } } };

export default defineConfig({
  test: {
    // Half of what a test does is to wait for another process: a core stays idle where one is left free for that.
    maxWorkers: '100%',
    coverage: {
      include: ['src/**/*.ts'],
      exclude: ['**/*.suite.ts', '**/*.test.ts', '**/*.data.ts'],
      reporter: ['text-summary'],
      thresholds: {
        'src/{core,access,identity,audit,guardrails}/**/*.ts': { branches: 100 },
        'src/**/*.ts': { branches: 90 },
      },
    },
    projects: [
      {
        test: {
          ...patience,
          name: 'unit',
          globalSetup: 'tools/dynamodb-local/global-setup.ts',
          include: ['src/**/*.test.ts', 'bench/**/*.test.ts', 'tools/**/*.test.ts', 'test/architecture/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'infra',
          include: ['infra/src/**/*.test.ts'],
          ...patience,
          // Templates are validated whole, by checks of their own: here it would cost seconds for each.
          env: { CDK_VALIDATION: 'false' },
        },
      },
      {
        test: {
          ...patience,
          name: 'system',
          include: ['test/**/*.test.ts'],
          exclude: ['test/architecture/**', 'test/clients/**', '**/node_modules/**'],
        },
      },
      {
        test: {
          ...patience,
          name: 'clients',
          include: ['test/clients/*.test.ts'],
          globalSetup: 'test/clients/installations.ts',
        },
      },
    ],
  },
});
