/* Cases that can be begun about this row: those whose form refers to its register. */
import { DownOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useNavigate } from 'react-router';
import { useLang } from '../../i18n';
import { useUser } from '../../session';
import type { Register, Row } from '../../types';
import { keyOf, useRegisters } from '../../ui/registers';
import { useWorkTypes } from '../../work/hooks';
import { mayOpen } from '../NewCase';

export function StartCase({ register, row }: { register: Register; row: Row }) {
  const { t, pick } = useLang();
  const user = useUser();
  const navigate = useNavigate();
  const types = useWorkTypes().data ?? [];
  const registers = useRegisters().data?.rows ?? [];
  const items = types
    .filter((type) => mayOpen(user, type))
    .flatMap((type) => {
      const field = registers.find((one) => one.name === type.register)?.fields.find((one) => one.type === 'ref' && one.refers === register.name);
      return field ? [{ key: type.name, label: pick(type), field: field.name }] : [];
    });
  if (items.length === 0 || register.is_case_form) return null;
  const key = encodeURIComponent(String(row[keyOf(register).name] ?? ''));
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: items.map(({ key: name, label }) => ({ key: name, label })),
        onClick: ({ key: name }) => void navigate(`/cases/new?type=${name}&${items.find((item) => item.key === name)?.field}=${key}`),
      }}
    >
      <Button>
        {t('case.new')} <DownOutlined style={{ fontSize: 10 }} aria-hidden />
      </Button>
    </Dropdown>
  );
}
