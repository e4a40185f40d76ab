/* Detections. */
import type { Words } from '..';

export default {
  'detections.sub': ['探针检测规则的命中', "What the sensors' detection rules saw"],
  'detections.rows': ['命中记录', 'What was seen'],
  'detections.rules': ['检测规则', 'Rules'],
  'detections.about': ['说明', 'What it looks for'],
} satisfies Words;
