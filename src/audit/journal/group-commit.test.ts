import { describe, expect, it } from 'vitest';
import { createGroupCommit } from './group-commit.ts';

/** A commit that ends when told to. */
function createHeld() {
  const batches: { items: readonly string[]; resolve: () => void; reject: (error: Error) => void }[] = [];
  const commits = createGroupCommit<string>({
    commit: (items) => new Promise((resolve, reject) => batches.push({ items, resolve, reject })),
    sizeOf: (item) => item.length,
  });
  return { batches, commits };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('group commit', () => {
  it('begins in the same turn of the event loop, with all that the turn brought', async () => {
    const { batches, commits } = createHeld();
    commits.add('a');
    for (let waits = 0; waits < 10; waits += 1) await Promise.resolve();
    commits.add('b');
    expect(batches).toEqual([]);
    await turn();
    expect(batches.map(({ items }) => items)).toEqual([['a', 'b']]);
  });

  it('gathers what comes during a commit into the next, in order, and resolves each with its own', async () => {
    const { batches, commits } = createHeld();
    const resolved: string[] = [];
    for (const item of ['a']) commits.add(item).then(() => resolved.push(item));
    await turn();
    for (const item of ['bb', 'cc']) commits.add(item).then(() => resolved.push(item));
    await turn();
    expect(batches).toHaveLength(1);
    expect(commits.pendingBytes).toBe(5);
    batches[0]?.resolve();
    await turn();
    expect(resolved).toEqual(['a']);
    await turn();
    expect(batches[1]?.items).toEqual(['bb', 'cc']);
    expect(commits.pendingBytes).toBe(4);
    batches[1]?.resolve();
    await turn();
    expect(resolved).toEqual(['a', 'bb', 'cc']);
    expect(commits.pendingBytes).toBe(0);
  });

  it('rejects all that waits once a commit failed, and everything after, without another commit', async () => {
    const { batches, commits } = createHeld();
    const cause = new Error('EIO');
    const first = commits.add('a');
    await turn();
    const second = commits.add('b');
    batches[0]?.reject(cause);
    await expect(first).rejects.toMatchObject({ code: 'journalUnavailable', cause });
    await expect(second).rejects.toMatchObject({ code: 'journalUnavailable', cause });
    await expect(commits.add('c')).rejects.toMatchObject({ code: 'journalUnavailable', cause });
    expect(commits.failure).toBeDefined();
    expect(batches).toHaveLength(1);
  });

  it('is settled when nothing waits', async () => {
    const { batches, commits } = createHeld();
    await commits.settled();
    let isSettled = false;
    commits.add('a');
    const settled = commits.settled().then(() => {
      isSettled = true;
    });
    await turn();
    expect(isSettled).toBe(false);
    batches[0]?.resolve();
    await settled;
    expect(isSettled).toBe(true);
  });
});
