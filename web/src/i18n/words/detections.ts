/* Detections. */
import type { Words } from '..';

export default {
  'detection.duplicate-vehicle': ['同一车辆身份重复在线', 'One vehicle online twice'],
  'detection.identity-swap': ['会话中身份发生变化', 'Identity changes within a session'],
  'detection.platform-login-bruteforce': ['猜测平台登入口令', 'Platform credentials are guessed'],
  'detection.auth-bruteforce': ['猜测终端鉴权码', 'Authentication codes are guessed'],
  'detection.mqtt-bruteforce': ['猜测 MQTT 口令', 'MQTT credentials are guessed'],
  'detection.registration-flood': ['注册洪泛', 'Registration flood'],
  'detection.replayed-frame': ['重放历史报文', 'Recorded frames are replayed'],
  'detection.position-jump': ['车辆位置跳变', 'Position jumps'],
  'detection.unknown-platform-command': ['来自未知平台的指令', 'Command from an unknown platform'],
  'detection.control-while-moving': ['行驶中远程控制', 'Remote control while driving'],
  'detection.fleet-control': ['群发控制指令', 'One control command to many vehicles'],
  'detection.server-switch': ['车辆被切换到其他服务器', 'Vehicle is switched to another server'],
  'detection.eavesdropping': ['车内监听指令', 'Cabin is listened to'],
  'detection.diagnostic-passthrough': ['经透传通道下发诊断指令', 'Diagnostics through a pass-through'],
  'detection.upgrade-other-host': ['升级包来自其他主机', 'Upgrade from another host'],
  'detection.video-other-host': ['视频发往其他主机', 'Video to another host'],
  'detection.mqtt-wildcard': ['订阅全部主题', 'Subscription to everything'],
  'detection.mqtt-anonymous': ['MQTT 匿名接入', 'Anonymous access to a broker'],
  'detection.mqtt-retained-command': ['保留的控制指令', 'Retained command'],
  'detection.plaintext-vehicle-protocol': ['车联网协议明文传输', 'Vehicle protocol in the clear'],
  'detection.weak-tls': ['TLS 版本过低', 'Weak TLS'],
  'detection.malformed-flood': ['异常帧洪泛', 'Malformed frames'],

  'detections.sub': ['探针检测规则的命中', "What the sensors' detection rules saw"],
  'detections.rows': ['命中记录', 'What was seen'],
  'detections.rules': ['检测规则', 'Rules'],
  'detections.about': ['说明', 'What it looks for'],
} satisfies Words;
