// Synthetic data in the shapes of the API, for work on the console without a server.
const NAMES = [
  [1, '落实安全主体责任', 'Responsibility'],
  [2, '强化政策标准宣贯指导', 'Policy briefings'],
  [3, '加快完成定级备案', 'Grading and filing'],
  [4, '实施分级防护', 'Graded protection'],
  [5, '开展标准符合性评测', 'Conformity assessment'],
  [6, '加强车联网卡实名登记管理', 'Card real-name registration'],
  [7, '开展威胁监测预警管理', 'Threat monitoring'],
  [8, '强化漏洞管理责任落实', 'Vulnerability management'],
  [9, '健全安全威胁通报机制', 'Threat notices and updates'],
  [10, '健全数据全生命周期安全管理制度', 'Data life-cycle rules'],
  [11, '强化重要数据和个人用户数据安全管理', 'Important and personal data'],
  [12, '落实车联网数据安全风险评估', 'Data risk assessment'],
  [13, '加强合作方数据安全管理', 'Partner data security'],
  [14, '提升数据安全风险监测及应急处置能力', 'Data risk monitoring and response'],
  [15, '加强辅助和自动驾驶算法安全风险检测评估及技术保障能力建设', 'Algorithm assessment'],
  [16, '加强数据安全人才队伍建设', 'Data security staff'],
  [17, '推动技术产品创新应用', 'Innovation'],
  [18, '探索开展自动驾驶功能网络安全管理', 'Automated driving'],
];
const ORG = '91110000MA00000017';
export const user = {
  id: 1, login: 'admin', name: '管理员', org: { id: 1, code: ORG, name: '示例汽车（合成数据）' },
  roles: ['admin', 'officer', 'auditor'], sees_all: false, sees_personal: true, may_write: true, must_change: false,
  last_login: '2026-11-21T08:02:11Z',
};

const RULES = [
  ['T3.undeclared-asset', 3, 'medium', '在网资产未申报', 'Undeclared asset on the wire', 'address'],
  ['T4.vehicle-plaintext', 4, 'high', '车联网协议明文传输', 'Vehicle protocol in clear', 'system'],
  ['T6.card-not-registered', 6, 'high', '未实名登记的卡在网', 'Unregistered card on the wire', 'card'],
  ['T6.optout-card-active', 6, 'high', '已放弃功能的卡仍在传输', 'Opted-out card still active', 'card'],
  ['T6.card-two-vins', 6, 'medium', '一卡两车', 'One card, two vehicles', 'card'],
  ['T9.unfiled-release-commanded', 9, 'high', '下发了未报备的升级版本', 'Unfiled release commanded', 'release'],
  ['T13.undeclared-partner', 13, 'high', '数据流向未登记的合作方', 'Data to an undeclared partner', 'address'],
  ['T13.undeclared-type', 13, 'medium', '向合作方提供了未登记的数据类型', 'Undeclared data type to a partner', 'partner'],
  ['T14.export-without-record', 14, 'high', '个人数据出境无备案记录', 'Export without a record', 'address'],
];
const luhn = (body) => {
  let sum = 0;
  [...body].reverse().forEach((c, i) => {
    const d = Number(c) * (i % 2 === 0 ? 2 : 1);
    sum += d > 9 ? d - 9 : d;
  });
  return body + ((10 - (sum % 10)) % 10);
};
export const iccid = (n) => luhn('898600' + String(1234560000000 + n).slice(0, 13));
const vin = (n) => `LZJTEST1${n % 10}FA${String(n).padStart(6, '0')}`.slice(0, 17);
const at = (minutes) => new Date(Date.UTC(2026, 10, 22, 12, 0) - minutes * 60000).toISOString().replace('.000', '');

export const gaps = [];
for (let i = 0; i < 137; i += 1) {
  const [gap, task, severity, , , kind] = RULES[i % RULES.length];
  const card = iccid(i);
  const id = { card, address: kind === 'address' ? `203.0.113.${(i % 200) + 1}${task === 3 ? ':8801' : ''}` : '',
    system: `SYS-${(i % 5) + 1}`, release: `TBOX-4.${i % 9}.2`, partner: `P${(i % 7) + 1}` }[kind];
  gaps.push({
    id: i + 1, gap, task, severity, org: ORG, subject: { kind, id },
    why: {
      6: `卡 ${card} 于 ${at(i * 7).slice(0, 10)} 随车辆 ${vin(i)} 登入平台，登记状态为“待登记”。`,
      3: `地址 ${id} 使用 GB/T 32960 协议，没有任何已登记系统列出该地址。`,
      4: `系统 ${id}（三级）经公网以明文收发 GB/T 32960 报文。`,
      9: `升级指令指向版本 ${id}，没有已报备的发布覆盖该版本。`,
      13: `手机号码、位置坐标流向 ${id}，合作方台账没有相应登记。`,
      14: `行踪轨迹流向境外地址 ${id}（新加坡），没有有效的出境记录。`,
    }[task],
    state: 'open',
    evidence: [{ kind: task === 13 || task === 14 ? 'transfer' : task === 9 ? 'command' : 'identity', id: i + 1 }],
    first_seen: at(i * 7 + 600), last_seen: at(i * 7),
  });
}
export const rules = RULES.map(([id, task, severity, zh, en]) => ({ id, task, severity, zh, en, source: '京信网安发〔2024〕50号', mark: task === 9 ? '待确认' : '' }));

export const duties = [
  ['T3.filing', 3, 'overdue', '2026-11-10', 'SYS-3'], ['T3.filing', 3, 'met', '2026-06-30', 'SYS-1'],
  ['T5.assess.level3', 5, 'overdue', '2026-10-31', 'SYS-1'], ['T5.assess.level3', 5, 'due_soon', '2026-12-05', 'SYS-2'],
  ['T5.assess.level2', 5, 'open', '2027-06-30', 'SYS-4'], ['T6.stock', 6, 'due_soon', '2026-12-31', ''],
  ['T9.release-filed', 9, 'overdue', '2026-11-20', 'TBOX-4.1.2'], ['T13.evidence', 13, 'due_soon', '2026-12-01', 'P2'],
  ['T13.contract', 13, 'met', '2027-03-01', 'P1'], ['T6.optout', 6, 'not_applicable', null, ''],
].map(([duty, task, state, due, id]) => ({
  duty, task, org: ORG, subject: { kind: id.startsWith('SYS') ? 'system' : id.startsWith('P') ? 'partner' : id ? 'release' : 'organisation', id: id || ORG },
  state, due, why: state === 'met' ? '记录齐全。' : '上一次记录已超过要求的周期。', source: `第${task}项`,
}));

export function board() {
  return {
    tasks: NAMES.map(([task, zh, en]) => {
      const g = { high: 0, medium: 0, low: 0 };
      const d = { overdue: 0, due_soon: 0, open: 0, met: 0, not_applicable: 0 };
      for (const gap of gaps) if (gap.task === task) g[gap.severity] += 1;
      for (const duty of duties) if (duty.task === task) d[duty.state] += 1;
      return { task, zh, en, gaps: g, duties: d, rules: rules.filter((r) => r.task === task).length + ([3, 5, 6, 9, 13].includes(task) ? 2 : 0) };
    }),
    safeguards: [
      { safeguard: 1, zh: '推动责任落实', en: 'Responsibility carried out' },
      { safeguard: 2, zh: '加强日常督查', en: 'Regular supervision' },
      { safeguard: 3, zh: '强化创新赋能', en: 'Innovation enabled' },
    ],
  };
}
export const taskOf = (n) => {
  const found = NAMES.find(([task]) => task === n);
  if (!found) return null;
  return {
    task: n, zh: found[1], en: found[2],
    text_zh: n === 6 ? '各道路机动车辆生产企业、基础电信企业要严格落实《反电信网络诈骗法》，按照车联网卡实名登记工作要求，加强源头治理，抓好工作部署。' : `${found[1]}。各车联网企业应按照通知要求落实本项工作。`,
    duties: duties.filter((d) => d.task === n), gaps: gaps.filter((g) => g.task === n).slice(0, 50),
    rules: rules.filter((r) => r.task === n),
  };
};

const F = (name, zh, en, type, more = {}) => ({ name, zh, en, type, flags: Object.entries({ in_list: true, ...more }).filter(([name, on]) => on === true && ['key', 'required', 'personal', 'in_list'].includes(name)).map(([name]) => name), max_chars: 200, clause: '', help_zh: '', help_en: '', ...more });
const V = (...names) => names.map(([name, zh, en]) => ({ name, zh, en }));
const key = { required: true, key: true };
const hidden = { in_list: false };
export const registers = [
  { name: 'organisations', zh: '组织', en: 'Organisations', task: 0, fields: [
    F('code', '统一社会信用代码', 'Organisation code', 'text', key), F('name', '名称', 'Name', 'text', { required: true }),
    F('kinds', '企业类型', 'Kinds', 'enum_list', { values: V(['vehicle_maker', '整车生产企业', 'Vehicle maker'], ['tsp', '服务平台运营商', 'Service platform']) }),
    F('networks', '网段', 'Networks', 'endpoints', { help_zh: '属于本组织的地址段', help_en: "Addresses that are the organisation's own" })] },
  { name: 'systems', zh: '平台与系统', en: 'Systems', task: 3, fields: [
    F('code', '编号', 'Code', 'text', key), F('name', '名称', 'Name', 'text', { required: true }),
    F('kind', '类别', 'Kind', 'enum', { required: true, values: V(['platform', '服务平台', 'Platform'], ['facility', '网络设施', 'Facility'], ['system', '系统', 'System']) }),
    F('level', '级别', 'Level', 'int', { clause: '第3项：按照《车联网网络安全防护定级备案实施指南》开展定级。', help_zh: '1 至 5；未定级留空', help_en: '1 to 5; empty until graded' }),
    F('filing_number', '备案号', 'Filing number', 'text'), F('filed_on', '备案日期', 'Filed on', 'date'), F('addresses', '地址', 'Addresses', 'endpoints')] },
  { name: 'vehicles', zh: '车辆', en: 'Vehicles', task: 6, fields: [
    F('vin', '车辆识别代号', 'VIN', 'text', key), F('model', '车型', 'Model', 'text'), F('plate', '号牌', 'Plate', 'text'), F('made_on', '生产日期', 'Made on', 'date'), F('sold_on', '销售日期', 'Sold on', 'date')] },
  { name: 'cards', zh: '车联网卡', en: 'Cards', task: 6, fields: [
    F('iccid', '卡号（ICCID）', 'ICCID', 'text', key), F('msisdn', '号码', 'MSISDN', 'text'), F('imsi', 'IMSI', 'IMSI', 'text', hidden), F('vin', '车辆识别代号', 'VIN', 'text'),
    F('carrier', '运营商', 'Carrier', 'enum', { values: V(['telecom', '中国电信', 'Telecom'], ['mobile', '中国移动', 'Mobile'], ['unicom', '中国联通', 'Unicom'], ['broadnet', '中国广电', 'Broadnet'], ['other', '其他', 'Other']) }),
    F('state', '状态', 'State', 'enum', { required: true, values: V(['stock', '库存', 'Stock'], ['test', '测试', 'Test'], ['for_sale', '待售', 'For sale'], ['awaiting', '待登记', 'Awaiting'], ['registered', '已登记', 'Registered'], ['opted_out', '已放弃功能', 'Opted out'], ['suspended', '停机', 'Suspended'], ['scrapped', '报废', 'Scrapped']), clause: '第6项：进一步从严推进新入网用户实名登记，全面准确登记实名信息。' }),
    F('registered_on', '登记日期', 'Registered on', 'date'), F('owner_kind', '所有者类型', 'Owner kind', 'enum', { ...hidden, values: V(['person', '个人', 'Person'], ['organisation', '单位', 'Organisation']) }),
    F('owner_name', '所有者姓名', 'Owner', 'text', { personal: true, in_list: false }), F('owner_id_number', '证件号码', 'Identity number', 'text', { personal: true, in_list: false }), F('owner_phone', '联系电话', 'Phone', 'text', { personal: true, in_list: false })] },
  { name: 'partners', zh: '合作方台账', en: 'Partners', task: 13, fields: [
    F('code', '编号', 'Code', 'text', key), F('name', '名称', 'Name', 'text', { required: true }), F('country', '国家或地区', 'Country', 'text'), F('endpoints', '地址', 'Endpoints', 'endpoints'),
    F('data_types', '数据类型', 'Data types', 'text_list'), F('data_level', '数据级别', 'Data level', 'enum', { values: V(['general', '一般', 'General'], ['important', '重要', 'Important'], ['core', '核心', 'Core']) }),
    F('purpose', '用途', 'Purpose', 'text', hidden), F('contract_to', '合同到期', 'Contract to', 'date')] },
  { name: 'exports', zh: '出境记录', en: 'Exports', task: 14, fields: [
    F('code', '编号', 'Code', 'text', key), F('receiver', '接收方', 'Receiver', 'text'), F('country', '国家或地区', 'Country', 'text'), F('data_types', '数据类型', 'Data types', 'text_list'), F('valid_to', '有效期至', 'Valid to', 'date')] },
  { name: 'releases', zh: '发布与升级包', en: 'Releases', task: 9, fields: [
    F('code', '编号', 'Code', 'text', key), F('product', '产品', 'Product', 'text'), F('kind', '类别', 'Kind', 'enum', { values: V(['ota', '在线升级', 'OTA'], ['app', '应用程序', 'App'], ['ivi', '车载信息交互', 'IVI']) }), F('version', '版本', 'Version', 'text'), F('filed_on', '报备日期', 'Filed on', 'date')] },
];
export const tables = {
  organisations: [{ id: 1, org: ORG, code: ORG, name: '示例汽车（合成数据）', kinds: 'vehicle_maker;tsp', networks: '198.51.100.0/24' }],
  systems: [1, 2, 3, 4, 5].map((n) => ({ id: n, org: ORG, code: `SYS-${n}`, name: `车联网服务平台 ${n}`, kind: 'platform', level: n < 4 ? 3 : 2, filing_number: n === 3 ? '' : `京车联备${n}`, filed_on: n === 3 ? '' : '2026-03-01', addresses: `198.51.100.${n}:8801` })),
  vehicles: Array.from({ length: 240 }, (_, n) => ({ id: n + 1, org: ORG, vin: vin(n), model: ['甲型', '乙型'][n % 2], plate: `京A${String(10000 + n)}`, made_on: '2025-05-01', sold_on: '2025-08-01' })),
  cards: Array.from({ length: 1234 }, (_, n) => ({ id: n + 1, org: ORG, iccid: iccid(n), msisdn: `1064800${String(n).padStart(6, '0')}`, vin: vin(n), carrier: ['mobile', 'unicom', 'telecom'][n % 3], state: ['registered', 'registered', 'awaiting', 'opted_out'][n % 4], registered_on: n % 4 < 2 ? '2026-02-11' : '', owner_name: '张*', owner_id_number: '110***********001X', owner_phone: '138****0000' })),
  partners: [], exports: [], releases: [{ id: 1, org: ORG, code: 'R1', product: 'T-BOX', kind: 'ota', version: 'TBOX-4.0.1', filed_on: '2026-08-08' }],
};

const gbFrame = (v) => {
  const hex = (s) => Buffer.from(s, 'latin1').toString('hex');
  const body = '1a0b160c1e05' + '0001' + hex(iccid(1)) + '0100';
  const bytes = Buffer.from('01fe' + hex(v) + '01' + (body.length / 2).toString(16).padStart(4, '0') + body, 'hex');
  return '2323' + bytes.toString('hex') + bytes.reduce((a, b) => a ^ b, 0).toString(16).padStart(2, '0');
};
const ev = (n) => ({ first_seen: at(n * 9 + 900), last_seen: at(n * 9), ev_source: 'mirror0-20261122.pcapng', ev_packet: 18231 + n * 17, ev_time: at(n * 9 + 900), ev_flow: `tcp 10.8.${n % 200}.7:4${1000 + n} > 198.51.100.1:8801` });
const identity = (n) => ({ id: n, kind: 'identity', protocol: ['gb32960', 'jt808'][n % 2], vin: vin(n), iccid: iccid(n), phone: '', server: '198.51.100.1', port: 8801, security: ['none', 'tls'][n % 3 ? 0 : 1], edition: n % 4 ? '2016' : '2025', client: `10.8.${n % 200}.7`, logins: 1 + (n % 5), life_frames: 40 + n, other_frames: 900 + n * 3, bytes: 88000 + n * 991, firmware: `TBOX-4.${n % 9}.2`, ...ev(n) });
const TYPES = ['CN_MOBILE', 'GEO_COORD', 'VIN', 'VEHICLE_TRACK', 'CN_RESIDENT_ID'];
const transfer = (n) => ({ id: n, kind: 'transfer', src: '198.51.100.9', dst: `203.0.113.${(n % 9) + 1}`, port: 443, protocol: 'http', host: `api.partner${n % 9}.example`, country: ['CN', 'SG', 'DE', ''][n % 4], data_type: TYPES[n % 5], items: 30 + n * 11, bytes: 40960 * (n + 1), ...ev(n) });
const many = (make, count) => Array.from({ length: count }, (_, n) => make(n + 1));
export const facts = {
  identity: many(identity, 180), transfer: many(transfer, 36),
  service: many((n) => ({ id: n, addr: `198.51.100.${n}`, port: 8801, protocol: ['gb32960', 'jt808', 'mqtt'][n % 3], security: n % 3 ? 'none' : 'tls', edition: '2016', name: '', is_public: true, is_vehicle: true, tls_version: n % 3 ? '' : '1.3', client_cert: -1, flows: 44, frames: 9012, bad_frames: n, bytes: 1 << 22, ...ev(n) }), 9),
  command: many((n) => ({ id: n, kind: 'upgrade', protocol: 'jt808', sender: '198.51.100.2', port: 7611, version: `TBOX-4.${n}.2`, host: 'ota.example', path: 'ftp://ota.example/f.bin', target: vin(n), count: n, ...ev(n) }), 9),
  detection: many((n) => ({ id: n, rule: ['duplicate-vehicle', 'login-bruteforce', 'position-jump', 'plaintext-protocol'][n % 4], subject_kind: 'vin', subject: vin(n), src: `10.8.0.${n}`, dst: '198.51.100.1', port: 8801, protocol: 'gb32960', severity: ['high', 'medium', 'low'][n % 3], note: '同一车辆在两个会话中同时在线', count: n, ...ev(n) }), 22),
  hourly: [], sensor: many((n) => ({ id: n, sensor: 'eth1', counter: ['packets', 'bytes', 'frames', 'bad_frames', 'drop_kernel', 'drop_network', 'flows'][n - 1], value: [812345678, 93412345678, 4123456, 12, 0, 33, 81234][n - 1], ...ev(n) }), 7),
};
export function frameOf(row) {
  const hex = gbFrame(row.vin ?? vin(1));
  return { hex, protocol: 'gb32960', edition: '2016', valid: true, fields: { cmd: '0x01', cmd_name: 'vehicle_login', ack: '0xfe', vin: row.vin ?? vin(1), enc: 'none', data_len: 30, time: '2026-11-22 12:30:05', login_serial: 1, iccid: iccid(1), packs: 1, pack_code_len: 0 } };
}
export function fleet() {
  const series = [];
  for (let h = 48; h >= 0; h -= 1) {
    for (const [protocol, security, scale] of [['gb32960', 'none', 90], ['gb32960', 'tls', 140], ['jt808', 'none', 60], ['mqtt', 'tls', 40]]) {
      series.push({ hour: at(h * 60), protocol, security, vehicles: Math.round(scale * (1 + Math.sin(h / 4))) + 5, frames: scale * 100, bytes: scale * 9000 });
    }
  }
  return { vehicles: 180, online_24h: 142, by_protocol: [{ name: 'gb32960', vehicles: 110 }, { name: 'jt808', vehicles: 60 }, { name: 'mqtt', vehicles: 40 }], by_edition: [{ name: '2016', vehicles: 90 }, { name: '2025', vehicles: 20 }, { name: '2019', vehicles: 60 }], by_security: [{ name: 'none', vehicles: 120 }, { name: 'tls', vehicles: 60 }], series };
}
export function transfers() {
  const nodes = new Map();
  const links = new Map();
  const node = (kind, name) => nodes.set(`${kind}:${name}`, { id: `${kind}:${name}`, kind, name, is_partner: name.includes('partner1') }) && `${kind}:${name}`;
  const add = (source, target, row) => {
    const link = links.get(`${source}>${target}`) ?? { source, target, items: 0, bytes: 0 };
    link.items += row.items;
    link.bytes += row.bytes;
    links.set(`${source}>${target}`, link);
  };
  for (const row of facts.transfer) {
    const destination = node('destination', row.host);
    add(node('type', row.data_type), destination, row);
    add(destination, node('country', row.country || 'unknown'), row);
  }
  return { nodes: [...nodes.values()], links: [...links.values()], rows: facts.transfer };
}
export const audit = many((n) => ({ id: 41 - n, seq: 41 - n, at: at(n * 13), user: 'admin', org: ORG, action: ['update', 'insert', 'login', 'import', 'export'][n % 5], object: 'cards', row_id: n, note: '', hash: 'a3f1c2'.repeat(10) + 'abcd' }), 40);
export const users = [{ id: 1, login: 'admin', name: '管理员', org: user.org, roles: ['admin'], last_login: at(30), locked: false }];
