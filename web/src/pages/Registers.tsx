/* All registers by section and task of the plan: what each holds, how many rows. */
import { Input } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { fmtInt } from '../format';
import { useLang } from '../i18n';
import { bySection, matches } from '../ui/RegisterMenu';
import { Head, Loaded, Nothing } from '../ui/Page';
import { useRegisters } from '../ui/registers';

export default function Registers() {
  const { t, pick } = useLang();
  const all = useRegisters();
  const [text, setText] = useState('');
  return (
    <>
      <Head title={t('nav.registers')} sub={t('register.all_sub')} asOf={all.dataUpdatedAt} />
      <div className="bar">
        <Input.Search allowClear aria-label={t('nav.find_register')} placeholder={t('nav.find_register')} style={{ width: 280 }} value={text} onChange={(event) => setText(event.target.value)} />
      </div>
      <Loaded of={all}>
        {(data) => {
          const found = bySection(data.rows.filter((one) => matches(one, text)));
          return (
            <div className="box">
              {found.length === 0 && <Nothing what={t('filter.nothing')} />}
              {found.map(({ title, rows }) => (
                <section className="section" key={title}>
                  <h2>{t(title)}</h2>
                  <ul className="cards todo">
                    {rows.map((register) => (
                      <li className={`card ${register.count ? 'w-open' : 'w-none'}`} key={register.name}>
                        <Link className="name" to={`/registers/${register.name}`}>
                          <span>{pick(register, register.name)}</span>
                        </Link>
                        <div className="marks">
                          <span className="num">{t('table.rows', { n: fmtInt(register.count ?? 0) })}</span>
                          {register.task > 0 && register.task < 100 && <Link to={`/tasks/${register.task}`}>{t('task.n', { n: register.task })}</Link>}
                        </div>
                      </li>
                    ))}
                  </ul>
                </section>
              ))}
            </div>
          );
        }}
      </Loaded>
    </>
  );
}
