/* Grading and the control checklist. */
import type { Words } from '..';

export default {
  'grading.sub': ['按三项要素确定网络安全防护级别', 'The level of protection from three factors'],
  'grading.system': ['定级对象', 'System'],
  'grading.result': ['定级结果', 'Result'],
  'grading.choose': ['请为三项要素各选一个等级。', 'Choose a step for each of the three factors.'],
  'grading.level': ['第{n}级', 'Level {n}'],
  'grading.score': ['得分 {n}', 'score {n}'],
  'grading.record': ['记入定级记录', 'Record the grading'],
  'level.1': ['一', '1'],
  'level.2': ['二', '2'],
  'level.3': ['三', '3'],
  'level.4': ['四', '4'],
  'level.5': ['五', '5'],
  'controls.none': ['没有控制项目录', 'No catalogue of controls'],
  'controls.choose': ['请选择定级对象', 'Choose a system'],
  'controls.no_level': ['该对象尚未定级，没有对应的控制项', 'The system has no level yet, so no items apply'],
  'controls.catalogue': ['控制项目录', 'Catalogue'],
  'controls.level': ['级别', 'Level'],
  'controls.open': ['只看未符合', 'Not met only'],
  'controls.result': ['结果', 'Result'],
  'controls.evidence': ['证据', 'Evidence'],
  'controls.done': ['{of} 项中 {n} 项符合或不适用', '{n} of {of} met or not applicable'],
  'controls.choose_area': ['选择“{area}”全部', 'Choose all of “{area}”'],
} satisfies Words;
