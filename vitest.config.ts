import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
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
          name: 'unit',
          testTimeout: 30_000,
          include: ['src/**/*.test.ts', 'bench/*.test.ts', 'tools/**/*.test.ts', 'test/architecture/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'infra',
          include: ['infra/src/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Templates are validated whole, by checks of their own: here it would cost seconds for each.
          env: { CDK_VALIDATION: 'false' },
        },
      },
      {
        test: {
          name: 'system',
          include: ['test/**/*.test.ts'],
          exclude: ['test/architecture/**', 'test/clients/**', '**/node_modules/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'clients',
          include: ['test/clients/*.test.ts'],
          globalSetup: 'test/clients/installations.ts',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
