import type { ContentAction, SidePolicy } from '../core/index.ts';
import type { Detector } from '../detectors/index.ts';

/** What is done about whatever a detector finds. */
export function actionOn({ actionOf }: SidePolicy, { name, type }: Detector): ContentAction {
  return actionOf({ type, detector: name });
}

/** Whether a detector's findings are masked or block. */
export function isActedOn(policy: SidePolicy, detector: Detector): boolean {
  const action = actionOn(policy, detector);
  return action === 'mask' || action === 'block';
}
