/* Fleet. */
import type { Words } from '..';

export default {
  'fleet.sub': ['探针看到的车辆、协议与加密情况', 'Vehicles, protocols and encryption as the sensors see them'],
  'fleet.counted': ['在网车辆：一个 VIN 计一辆；未见 VIN 的终端按终端号计，鉴权被拒的也在内；平台登录的用户名不计。', 'Vehicles seen: each VIN counts once; a terminal whose VIN was not seen counts by its number, also where it was refused; a platform that logs in does not count.'],
  'fleet.none': ['还没有看到车辆', 'No vehicle has been seen yet'],
  'fleet.over_time': ['小时走势', 'By the hour'],
  'fleet.span': ['时间范围', 'Span of time'],
  'fleet.last_days': ['最后 {n} 天', 'Last {n} {n:day|days}'],
  'fleet.no_load': ['还没有小时数据', 'No hourly figures yet'],
  'fleet.vehicles': ['车辆', 'Vehicles'],
  'fleet.frames': ['帧', 'Frames'],
  'fleet.bytes': ['字节', 'Bytes'],
  'fleet.by_protocol': ['按协议', 'By protocol'],
  'fleet.by_edition': ['按协议版本', 'By edition'],
  'fleet.by_security': ['按加密方式（两种都用的各计一次）', 'By encryption (both ways: counted in each)'],
} satisfies Words;
