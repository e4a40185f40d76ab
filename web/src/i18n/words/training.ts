/* Examinations, and who has read a policy. */
import type { Words } from '..';

export default {
  'exam.who': ['课程与应试人', 'Course and person'],
  'exam.choose': ['请选择课程与应试人', 'Choose a course and a person'],
  'exam.empty': ['该课程还没有题目', 'The course has no questions yet'],
  'exam.questions': ['题库', 'Questions'],
  'exam.results': ['考核记录', 'Results'],
  'exam.one': ['单选', 'one answer'],
  'exam.several': ['多选', 'several answers'],
  'exam.hand_in': ['交卷', 'Hand in'],
  'exam.left': ['还有 {n} 题未答', '{n} not answered yet'],
  'exam.passed': ['{score} 分，合格。', '{score} points: passed.'],
  'exam.failed': ['{score} 分，不合格。', '{score} points: not passed.'],
  'exam.right': ['{of} 题中答对 {n} 题。', '{n} of {of} right.'],
  'exam.record': ['查看记录', 'See the record'],
  'readers.title': ['阅知情况', 'Readers'],
  'readers.read': ['{of} 人中 {n} 人已阅知。', '{n} of {of} people have read it.'],
  'readers.all': ['全部人员已阅知', 'Everybody has read it'],
  'readers.missing': ['尚未阅知', 'Have not read it'],
  'readers.note': ['登记已阅知', 'Note as read'],
} satisfies Words;
