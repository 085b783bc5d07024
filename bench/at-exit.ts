import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';

/** What must not outlive the bench, however it ends: an interrupted run leaves no process and no data behind. */
const children = new Set<ChildProcess>();
const directories = new Set<string>();

process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** Kills a child at the latest when this process exits. */
export function endAtExit<Child extends ChildProcess>(child: Child): Child {
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** Removes a directory at the latest when this process exits. */
export function removeAtExit(directory: string): string {
  directories.add(directory);
  return directory;
}
