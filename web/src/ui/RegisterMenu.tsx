/* The registers in the menu: favourites first, then by section of the plan, found by name or code. */
import { useState } from 'react';
import { NavLink, useLocation } from 'react-router';
import { fmtInt } from '../format';
import { useLang } from '../i18n';
import type { Register } from '../types';
import { sections } from './plan';
import { useFavourites, useRegisters } from './registers';

function Line({ register }: { register: Register }) {
  const { pick } = useLang();
  return (
    <li>
      <NavLink to={`/registers/${register.name}`}>
        {pick(register, register.name)}
        {register.count !== undefined && <span className="num">{fmtInt(register.count)}</span>}
      </NavLink>
    </li>
  );
}

/** Registers by section of the plan, in the order of the tasks; those of no task come first. */
export function bySection(registers: Register[]): { title: string; rows: Register[] }[] {
  const rest = registers.filter((one) => !sections.some((section) => one.task >= section.first && one.task <= section.last));
  return [
    { title: 'section.base', rows: rest.filter((one) => one.task < 100) },
    ...sections.map((section) => ({
      title: section.title,
      rows: registers.filter((one) => one.task >= section.first && one.task <= section.last).sort((a, b) => a.task - b.task),
    })),
    { title: 'section.safeguards', rows: rest.filter((one) => one.task >= 100) },
  ].filter((section) => section.rows.length > 0);
}

export function matches(register: Register, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return [register.name, register.zh, register.en].some((name) => name?.toLowerCase().includes(wanted));
}

export function RegisterMenu() {
  const { t } = useLang();
  const { pathname } = useLocation();
  const { data } = useRegisters();
  const [favourites] = useFavourites();
  const [text, setText] = useState('');
  const all = data?.rows ?? [];
  const here = pathname.split('/')[2];
  const isHere = all.some((one) => one.name === here);
  const starred = all.filter((one) => favourites.includes(one.name));
  return (
    <div className="registers">
      <input type="search" value={text} aria-label={t('nav.find_register')} placeholder={t('nav.find_register')} onChange={(event) => setText(event.target.value)} />
      {text ? (
        <ul>
          {all.filter((one) => matches(one, text)).map((one) => (
            <Line key={one.name} register={one} />
          ))}
        </ul>
      ) : (
        <>
          <ul>
            {starred.map((one) => (
              <Line key={one.name} register={one} />
            ))}
          </ul>
          <details key={`all ${isHere}`} open={isHere}>
            <summary>
              {t('nav.by_section')} <span className="num">{all.length}</span>
            </summary>
            {bySection(all).map(({ title, rows }) => (
              <details key={`${title} ${rows.some((one) => one.name === here)}`} open={rows.some((one) => one.name === here)}>
                <summary>
                  {t(title)} <span className="num">{rows.length}</span>
                </summary>
                <ul>
                  {rows.map((one) => (
                    <Line key={one.name} register={one} />
                  ))}
                </ul>
              </details>
            ))}
          </details>
        </>
      )}
    </div>
  );
}
