/* Transfers of data. */
import type { Words } from '..';

export default {
  'transfers.sub': ['从本单位网段发往外部的已识别数据', "Identified data sent from the organisation's networks to others"],
  'transfers.sub_every': ['看到的全部已识别数据，含车辆上行和内网', 'All identified data that was seen, also from vehicles and inside'],
  'transfers.vehicles': ['车辆', 'Vehicles'],
  'transfers.none': ['还没有看到数据外发', 'No transfer has been seen yet'],
  'transfers.none_hint': ['请在“单位”中填写本单位网段，并接入探针。', "Enter the organisation's networks in its register, and connect a sensor."],
  'transfers.outside': ['去往外部', 'To the outside'],
  'transfers.every': ['全部', 'All'],
  'transfers.inside_only': ['看到的数据都留在内网。', 'All data seen stays on private networks.'],
  'transfers.networks': ['填写网段', 'Enter networks'],
  'transfers.types': ['数据类型', 'Data types'],
  'transfers.destinations': ['去向', 'Destinations'],
  'transfers.mainland': ['境内', 'Mainland'],
  'transfers.abroad': ['境外或未知', 'Abroad or unknown'],
  'transfers.from': ['来源', 'From'],
  'transfers.to': ['去向', 'To'],
  'transfers.label': ['数据类型、去向与国家地区之间的 {n} 条流向', '{n} {n:flow|flows} between data types, destinations and countries'],
  'transfers.partners': ['登记的合作方', 'Declared partners'],
} satisfies Words;
