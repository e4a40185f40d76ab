/* Detections. */
import type { Words } from '..';

export default {
  'detections.sub': ['探针检测规则的命中', "What the sensors' detection rules saw"],
  'detections.rows': ['命中记录', 'What was seen'],
  'detections.rules': ['检测规则', 'Rules'],
  'detections.see_vehicle': ['登记簿中的车辆', 'Vehicle in the register'],
  'detections.see_cards': ['该车的卡', 'Cards of the vehicle'],
  'detections.see_card': ['登记簿中的卡', 'Card in the register'],
  'detections.see_identity': ['在网记录', 'Seen on the wire'],
  'detections.see_client': ['该地址上的车辆', 'Vehicles at this address'],
  'detections.see_commands': ['对其下发的指令', 'Commands to it'],
  'detections.see_service': ['所在服务', 'The service it ran over'],
  'detections.see_gaps': ['相关差距', 'Gaps about it'],
  'detections.see_same': ['同一对象的其他命中', 'Other detections of it'],
  'detections.incident': ['登记安全事件', 'Open an incident'],
  'ref.R155': ['UN R155 附件5 {n}', 'UN R155 Annex 5, {n}'],
  'ref.ATM': ['Auto-ISAC 威胁矩阵 {n}', 'Auto-ISAC threat matrix {n}'],
  'ref.catalogue': ['攻击目录 {n}', 'Catalogue of attacks {n}'],
  'detections.about': ['说明', 'What it looks for'],
} satisfies Words;
