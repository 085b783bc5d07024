import type { MediaBlock, ReferenceBlock } from '../../core/index.ts';

type Modality = MediaBlock['modality'] | ReferenceBlock['modality'];

/** Formats by modality: `ImageFormat`, `VideoFormat`, `AudioFormat` and `DocumentFormat` of the service model. */
export const mediaFormats: Readonly<Record<Modality, readonly string[]>> = {
  image: ['png', 'jpeg', 'gif', 'webp'],
  video: ['mkv', 'mov', 'mp4', 'webm', 'flv', 'mpeg', 'mpg', 'wmv', 'three_gp'],
  audio: [
    'mp3',
    'opus',
    'wav',
    'aac',
    'flac',
    'mp4',
    'ogg',
    'mkv',
    'mka',
    'x-aac',
    'm4a',
    'mpeg',
    'mpga',
    'pcm',
    'webm',
  ],
  document: ['pdf', 'csv', 'doc', 'docx', 'xls', 'xlsx', 'html', 'txt', 'md'],
};

/** What other protocols call formats of the service model. */
export const otherNames: Readonly<Record<string, string>> = { jpg: 'jpeg', '3gp': 'three_gp', threegp: 'three_gp' };
