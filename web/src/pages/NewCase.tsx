/* A new case: first what kind, then its form. What the address gives (a row of a register) is filled in. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Form, Select } from 'antd';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { post } from '../api';
import { useDraft } from '../form/draft';
import { Fields, faultsOf, showFaults } from '../form/Fields';
import { useNextCode } from '../form/nextCode';
import { formToRow, rowToForm } from '../form/values';
import type { Values } from '../form/values';
import { useLang } from '../i18n';
import { refreshRows, useUser } from '../session';
import type { Register, User } from '../types';
import { useCompanies } from '../ui/orgs';
import { Box, Head, Loaded, Nothing, ProblemView } from '../ui/Page';
import { useRegisters } from '../ui/registers';
import { useWorkTypes } from '../work/hooks';
import type { WorkType } from '../work/types';

export function mayOpen(user: User, type: WorkType): boolean {
  const side = user.roles.includes('bureau') ? 'bureau' : 'company';
  return type.opens === 'both' || type.opens === side;
}

function Kinds({ types }: { types: WorkType[] }) {
  const { t, pick } = useLang();
  const user = useUser();
  const mine = types.filter((type) => mayOpen(user, type)).sort((a, b) => (a.task || 99) - (b.task || 99));
  if (mine.length === 0) return <Nothing what={t('case.no_kinds')} />;
  return (
    <ul className="cards todo kinds">
      {mine.map((type) => (
        <li className="card w-open" key={type.name}>
          <Link className="name" to={`/cases/new?type=${type.name}`}>
            <span>{pick(type, type.name)}</span>
          </Link>
          <div className="soft">{type.task > 0 && type.task < 100 ? t('task.n', { n: type.task }) : t('section.safeguards')}</div>
          {type.clause && <div className="soft">{type.clause}</div>}
        </li>
      ))}
    </ul>
  );
}

function Create({ type, register }: { type: WorkType; register: Register }) {
  const { t, lang } = useLang();
  const user = useUser();
  const companies = useCompanies();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const [form] = Form.useForm<Values>();
  const isBureau = user.roles.includes('bureau');
  const isForCompany = isBureau && type.opens !== 'company' && !type.is_bureaus_own;
  const fields = register.fields.filter((field) => isBureau || !field.flags.includes('official'));
  useNextCode(form, register, true);
  const org = Form.useWatch<string | undefined>('$org', form);
  const draft = useDraft(`case.new.${type.name}`, form, fields, null, () => undefined);
  const create = useMutation({
    mutationFn: (values: Values) => post<{ id: number }>('/work/cases', { type: type.name, org: typeof values['$org'] === 'string' ? values['$org'] : undefined, fields: formToRow(fields, values, null) }),
    onSuccess: ({ id }) => {
      draft.forget();
      refreshRows(client);
      void navigate(`/cases/${id}`, { replace: true });
    },
    onError: (error) => showFaults(form, fields, faultsOf(error), lang),
  });
  return (
    <Box>
      <Form form={form} layout="vertical" initialValues={{ ...rowToForm(fields, Object.fromEntries(params)), $org: params.get('org') ?? undefined }} onValuesChange={draft.changed} onFinish={(values) => create.mutate(values)} scrollToFirstError={{ block: 'center', focus: true }}>
        <div className="stack">
          {type.clause && <Alert type="info" showIcon role="note" title={type.clause} />}
          {draft.banner}
          {create.error && <ProblemView error={create.error} />}
          {isForCompany && (
            <Form.Item name="$org" label={t('case.for_org')} rules={[{ required: true, message: t('form.required') }]}>
              <Select showSearch={{ optionFilterProp: 'label' }} style={{ maxWidth: 520 }} options={companies.map(({ code, name }) => ({ value: code, label: name }))} />
            </Form.Item>
          )}
          <Fields fields={fields} isOld={false} isShut={() => false} org={isForCompany ? org : undefined} />
          <div className="foot">
            <Button type="primary" htmlType="submit" loading={create.isPending}>
              {t('case.create')}
            </Button>
            <span className="soft" style={{ marginLeft: 10 }}>{t('case.create_hint')}</span>
          </div>
        </div>
      </Form>
    </Box>
  );
}

export default function NewCase() {
  const { t, pick } = useLang();
  const [params] = useSearchParams();
  const types = useWorkTypes();
  const registers = useRegisters();
  const wanted = params.get('type');
  return (
    <Loaded of={types}>
      {(all) => {
        const type = all.find((one) => one.name === wanted);
        const register = registers.data?.rows.find((one) => one.name === type?.register);
        return (
          <>
            <Head title={type ? t('case.new_of', { type: pick(type) }) : t('case.new')} sub={<Link to="/cases">{t('nav.cases')}</Link>} />
            {type && register ? <Create key={type.name} type={type} register={register} /> : <Kinds types={all} />}
          </>
        );
      }}
    </Loaded>
  );
}
