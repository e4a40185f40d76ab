/* Values: the examples printed in GB 11643 and GB 16735 / ISO 3779, numbers of unassigned blocks,
 * and check digits worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/job.h"
#include "base/text.h"
#include "identify/engine.h"

/* What is found, "TYPE:value " each, outer ones first. */
static const struct {
    const char *text, *want;
} cases[] = {
    {"身份证11010519491231002X，", "CN_RESIDENT_ID:11010519491231002X "},
    {"\"id\":\"440524188001010014\"", "CN_RESIDENT_ID:440524188001010014 "},
    {"11010519491231002x", "CN_RESIDENT_ID:11010519491231002x "},
    {"110105194912310021", ""},  /* check digit */
    {"x11010519491231002X", ""}, /* glued to a letter */
    {"1101051949123100 2X", ""},
    {"tel:13800000000.", "CN_MOBILE:13800000000 "},
    {"+8613800000000", "CN_MOBILE:13800000000 "},
    {"008613800000000 ", "CN_MOBILE:13800000000 "},
    {"013800000000", "CN_MOBILE:13800000000 "},
    {"手机13800000000号", "CN_MOBILE:13800000000 "},
    {"0.13800000000", ""},
    {"13800000000.25", ""},
    {"15400000000", ""}, /* a range never given */
    {"运单金额 13800000000", ""},
    {"能耗：13800000000", ""},
    {"价格咨询电话 13800000000", "CN_MOBILE:13800000000 "},
    {"138000000001", ""},
    {"a13800000000", ""},
    {"msisdn=1064800000000", "CN_IOT_MSISDN:1064800000000 "},
    {"{\"createTime\":1443852576565}", ""}, /* milliseconds of 2015 */
    {"{\"msisdn\":1440000000000}", "CN_IOT_MSISDN:1440000000000 "},
    {"1M8GDM9AXKP042788", "VIN:1M8GDM9AXKP042788 "},
    {"1M8GDM9A1KP042788", ""}, /* check digit */
    {"11111111111111111", ""}, /* digits alone */
    {"vin=1m8gdm9axkp042788", "VIN:1m8gdm9axkp042788 "},
    {"file 1m8gdm9axkp042788", ""},
    {"/v/1M8GDM9AXKP042788/up", "VIN:1M8GDM9AXKP042788 "},
    {"WVWZZZ1JZ3W386752", ""}, /* no check digit over there: needs its word */
    {"车架号：WVWZZZ1JZ3W386752", "VIN:WVWZZZ1JZ3W386752 "},
    {"车牌京A12345已登记", "CN_PLATE:京A12345 "},
    {"京A·12345", "CN_PLATE:京A·12345 "},
    {"粤BD12345", "CN_PLATE:粤BD12345 "},
    {"沪A12345F", "CN_PLATE:沪A12345F "},
    {"京A1234警车", "CN_PLATE:京A1234警 "},
    {"京A1234", ""},
    {"京A123456", ""},
    {"京AI2345", ""},
    {"京东A12345", ""},
    {"川A级景区，云A计划", ""},
    /* embassies and consulates */
    {"使014578,", "CN_PLATE:使014578 "},
    {"使014·578,", "CN_PLATE:使014·578 "},
    {"014578使 ", "CN_PLATE:014578使 "},
    {"粤A1234领", "CN_PLATE:粤A1234领 "},
    {"沪22405领，", "CN_PLATE:沪22405领 "},
    {"号牌使014578号", "CN_PLATE:使014578 "},
    {"请使123456用户受益，使1234567，大使123456", ""},
    {"WJ京12345，", "CN_PLATE:WJ京12345 "},
    {"WJ京1234X", "CN_PLATE:WJ京1234X "},
    {"AWJ京12345，WJ京1234，WJ京东12345，WJ京123456", ""},
    {"粤A1234领取，粤A123B领，粤A1234领航员", ""},
    {"iccid 89860000000000000001", "ICCID:89860000000000000001 "},
    {"iccid 89860000000000000007", ""}, /* Luhn */
    {"0013 8000 2001:db8:0:1:2:3:4:5", "IPV6:2001:db8:0:1:2:3:4:5 "},
    {"imsi=460001234567890", "IMSI:460001234567890 "},
    {"imsi=460991234567890", ""}, /* a test network */
    {"{\"lat\":39.904200,\"lng\":116.407400}", "GEO_COORD:39.904200,\"lng\":116.407400 "},
    {"lat=-33.8688 lon=151.2093", "GEO_COORD:-33.8688 lon=151.2093 "},
    {"纬度：39.9042 经度：116.4074", "GEO_COORD:39.9042 经度：116.4074 "},
    {"{\"lat\":39.9042,\"alt\":45.125,\"lng\":116.4074}",
     "GEO_COORD:39.9042,\"alt\":45.125,\"lng\":116.4074 "},
    {"116.40740,39.90420", "GEO_COORD:116.40740,39.90420 "},
    {"39.904, 116.407", ""}, /* too coarse without keys */
    {"lat=91.0001 lon=216.4001", ""},
    {"flat=39.9042 salon=116.4074", ""},
    {"{\"speed\":36.512,\"temp\":21.250}", ""},
    {"[[116.40740,39.90420],[116.40840,39.90430],[116.40940,39.90440]]", /* no time, no word */
     "GEO_COORD:116.40740,39.90420 GEO_COORD:116.40840,39.90430 GEO_COORD:116.40940,39.90440 "},
    {"track:[[116.40740,39.90420],[116.40840,39.90430],[116.40940,39.90440]]",
     "VEHICLE_TRACK:116.40740,39.90420],[116.40840,39.90430],[116.40940,39.90440 "
     "GEO_COORD:116.40740,39.90420 GEO_COORD:116.40840,39.90430 GEO_COORD:116.40940,39.90440 "},
    {"116.40740,39.90420;121.47370,31.23040;113.26430,23.12910",
     "GEO_COORD:116.40740,39.90420 GEO_COORD:121.47370,31.23040 "
     "GEO_COORD:113.26430,23.12910 "}, /* cities are no track */
    /* 91350100M000100Y43 and 91110000600037341L are the examples of GB 32100 */
    {"代码91350100M000100Y43。", "CN_USCC:91350100M000100Y43 "},
    {"91110000600037341L", "CN_USCC:91110000600037341L "},
    {"91110000600037341M", ""},
    {"IMEI 490154203237518", "IMEI:490154203237518 "}, /* 3GPP TS 23.003 annex B */
    {"490154203237518", ""},                           /* needs its word */
    {"单号490154203237518", ""},
    {"银行卡6222020000000000000", "BANK_CARD:6222020000000000000 "},
    {"银行卡6222020000000000006", ""},
    {"6222020000000000000 占位", ""}, /* filled up */
    {"6222 0200 0000 0000 000", ""},
    {"ID3-00012345", ""},
    {"name=王小二", "PERSON_NAME:王小二 "},
    {"{\"name\":\"王锣鼓\"}", ""}, /* of anything, unless a person's number stands beside it */
    {"{\"name\":\"王锣鼓\",\"phone\":1}", "PERSON_NAME:王锣鼓 "},
    {"{\"name\":\"方太店\",\"phone\":1}", ""},
    {"{\"name\":\"高二\"}", ""},
    {"card no 4111 1111 1111 1111", "BANK_CARD:4111 1111 1111 1111 "}, /* the usual test number */
    {"4111111111111111", ""},
    {"{\"bank\":\"4111111111111111\"}", "BANK_CARD:4111111111111111 "},
    {"{\"bank\":\"4111111111111112\"}", ""},
    {"bank order no 4111111111111111", ""},
    {"{\"ts\":1450000000000}", ""},
    {"tel 010-12345678", ""}, /* local numbers begin with 2 and above */
    {"tel 010-62345678", "CN_LANDLINE:010-62345678 "},
    {"2025-03-10 18:37:34", ""},
    {"138 0000 0000", "CN_MOBILE:138 0000 0000 "},
    {"+86 138-0000-0000", "CN_MOBILE:138-0000-0000 "},
    {"+86-138-0000-0000", "CN_MOBILE:138-0000-0000 "},
    {"110105 19491231 002X", "CN_RESIDENT_ID:110105 19491231 002X "},
    {"mac 02:42:ac:11:00:02,", "MAC:02:42:ac:11:00:02 "},
    {"AB:CD:EF:01:23:45:67:89", ""},
    {"peer 192.0.2.1:443", "IPV4:192.0.2.1 "},
    {"v1.2.3.4", ""},
    {"oid 1.2.3.4.5", ""},
    {"固件版本：1.2.3.4", ""},
    {"[2001:db8::1]:443", "IPV6:2001:db8::1 "},
    {"std::vector a::b::c 10:20:30", ""},
    {"::ffff:192.0.2.1", "IPV6:::ffff:192.0.2.1 "},
    {"mailto:a.b@example.com>", "EMAIL:a.b@example.com "},
    {"a@b", ""},
    {"http://user:s3cret9x@example.com/", "SECRET:s3cret9x "},
    {"姓名：李明，", "PERSON_NAME:李明 "},
    {"车主欧阳明强先生", "PERSON_NAME:欧阳明强 "},
    {"<td>车主</td><td>李明</td>", "PERSON_NAME:李明 "},
    {"**姓名**：李明", "PERSON_NAME:李明 "},
    {"<password></password><note>Zq8#kfw2</note>", ""},
    {"户名：李明", "PERSON_NAME:李明 "},
    {"受益人：欧阳明", "PERSON_NAME:欧阳明 "},
    {"cardholder=李明", "PERSON_NAME:李明 "},
    {"受益人数，付款人员，审核人员名单，买受人应当，登记人员", ""},
    {"客户经理", ""},
    {"客户高速通行", ""},
    {"{\"name\":\"上海\"}", ""},
    {"住址：北京市海淀区学院路37号5号楼2单元301室，",
     "ADDRESS:北京市海淀区学院路37号5号楼2单元301室 "},
    {"朝阳区天气晴", ""},
    {"湖南省长沙县星沙镇东风村六组18号，", "ADDRESS:湖南省长沙县星沙镇东风村六组18号 "},
    {"四川省三台县乐加乡5村3组12号", "ADDRESS:四川省三台县乐加乡5村3组12号 "},
    {"湖南省长沙县星沙镇东风村三组，", "ADDRESS:湖南省长沙县星沙镇东风村三组 "},
    {"北京市海淀区学院路三十二号五号楼二单元三〇一室",
     "ADDRESS:北京市海淀区学院路三十二号五号楼二单元三〇一室 "},
    {"上海市中山路三十二号阳光花园二栋一单元，", "ADDRESS:上海市中山路三十二号阳光花园二栋一单元 "},
    {"北京市海淀区学院路37号三组人员", "ADDRESS:北京市海淀区学院路37号 "},
    {"重庆市江津区石桥镇五社，北京市长安街一号线，三月二号，市场部二组", ""},
    {"住址：重庆市江津区石桥镇五社", "ADDRESS:重庆市江津区石桥镇五社 "},
    {"北京市丰台区方庄芳城园一区南里3号楼1单元",
     "ADDRESS:北京市丰台区方庄芳城园一区南里3号楼1单元 "},
    {"重庆市江津区石桥镇5社", ""}, /* counted, unless a word says where one lives */
    {"住址：重庆市江津区石桥镇5社", "ADDRESS:重庆市江津区石桥镇5社 "},
    {"北京市朝阳区国贸大厦1201室，", "ADDRESS:北京市朝阳区国贸大厦1201室 "},
    {"北京市国贸大厦3层", ""},
    {"河北省石家庄3号线，河北省清苑县石桥镇12户", ""},
    {"北京市中关村4号线，杭州市市场部二组3号", ""},
    {"杭州市全程3公里5号", ""},
    {"password: Zq8#kfw2", "SECRET:Zq8#kfw2 "},
    {"password: ******", ""},
    {"passwordPolicy=strong", ""},
    {"密码长度至少8位", ""},
    {"AKIAIOSFODNN7EXAMPLE", "SECRET:AKIAIOSFODNN7EXAMPLE "}, /* printed in the maker's manual */
    {"发动机号：4G15123456", "ENGINE_NO:4G15123456 "},
    {"发动机型号：4G15", ""},
    {"护照 E12345678", "CN_PASSPORT:E12345678 "},
    {"错误码 E12345678", ""},
    {"往来港澳通行证 C12345678", "CN_TRAVEL_PERMIT:C12345678 "},
    {"档案编号 110100123456", "DRIVER_ARCHIVE_NO:110100123456 "},
    {"运单 110100123456", ""},
    {"档案编号 110000123456", "DRIVER_ARCHIVE_NO:110000123456 "}, /* a city that is a province */
    {"档案编号 210000123456", ""},
    {"HashedId8: 0011223344AABBCC", "V2X_CERT_ID:0011223344AABBCC "},
    {"traceId: 0011223344AABBCC", ""},
    {"SSID: home-5G", "WIFI_BT_NAME:home-5G "},
    {"充电桩编号 3101150001", "CHARGER_ID:3101150001 "},
    /* checksum worked out by XOR */
    {"$GPGLL,4916.45,N,12311.12,W,225444,A*31", "NMEA:$GPGLL,4916.45,N,12311.12,W,225444,A*31 "},
    {"$GPGLL,4916.45,N,12311.12,W,225444,A*30", ""},
    {"35°15′19″N 109°20′57″E", "GEO_COORD:35°15′19″N 109°20′57″E "},
    {"{\"lat\":39904200,\"lng\":116407400}", "GEO_COORD:39904200,\"lng\":116407400 "},
    {"{\"lng\":116407400,\"lat\":39904200}", "GEO_COORD:116407400,\"lat\":39904200 "},
    {"经度：116407400，纬度：39904200", "GEO_COORD:116407400，纬度：39904200 "},
    {"{\"gps_lon\":-1220841000,\"alt\":45,\"gps_lat\":374219000}",
     "GEO_COORD:-1220841000,\"alt\":45,\"gps_lat\":374219000 "}, /* ten-millionths */
    {"{\"seq\":116407400,\"lat\":39904200}", ""},
    {"{\"lng\":116407400},{\"lat\":39904200}", ""},
    {"坐标(39.9042,116.4074)", "GEO_COORD:39.9042,116.4074 "},
    {"坐标 36.51234, 107.23456", "GEO_COORD:36.51234, 107.23456 "},
    {"温度 36.51234, 107.23456", ""},
    {"voltage: 36.51234, 107.23456", ""},
    {"score 40.71, 122.75 ms", ""},
    /* other forms */
    {"%E4%BA%AC"
     "A12345 x",
     "CN_PLATE:%E4%BA%AC"
     "A12345 "},
    {"{\"n\":\"\\u4eacA12345\"}", "CN_PLATE:\\u4eacA12345 "},
    {"１３８００００００００", "CN_MOBILE:１３８００００００００ "},
    {"p=%u4EAC"
     "A12345",
     "CN_PLATE:%u4EAC"
     "A12345 "},
    {"p=\\xe4\\xba\\xac"
     "A12345",
     "CN_PLATE:\\xe4\\xba\\xac"
     "A12345 "},
    {"{\\x22tel\\x22:\\x2213800000000\\x22}", "CN_MOBILE:13800000000 "}, /* a log of nginx */
    {"%25E4%25BA%25AC"
     "A12345",
     "CN_PLATE:%25E4%25BA%25AC"
     "A12345 "},
    {"%2525E4%2525BA%2525AC"
     "A12345",
     "CN_PLATE:%2525E4%2525BA%2525AC"
     "A12345 "},
    {"tel%253A13800000000", "CN_MOBILE:13800000000 "},
    {"100%25 13800000000", "CN_MOBILE:13800000000 "},
    {"{\"m\":\"tel\\n13800000000\"}", "CN_MOBILE:13800000000 "},
    {"name=%D0%EC%E9F&", "PERSON_NAME:%D0%EC%E9F "}, /* 徐镕 of GBK: E946 needs no escape for 46 */
    {"&#20140;A12345 &#x4eac;A12346", "CN_PLATE:&#20140;A12345 CN_PLATE:&#x4eac;A12346 "},
    /* characters without a width: U+200B, U+200D, U+FEFF, U+00AD */
    {"1\u200b3\u200d8\ufeff000\u00ad00000\u200b,",
     "CN_MOBILE:1\u200b3\u200d8\ufeff000\u00ad00000 "},
    {"\ufeff13800000000", "CN_MOBILE:13800000000 "},
    /* as programs of tables write numbers */
    {"phone: 13800000000.0,", "CN_MOBILE:13800000000 "},
    {"amount: 13800000000.0,", ""},
    {"phone: 13800000000.05,", ""},
    {"phone=1.3812345678E10", "CN_MOBILE:1.3812345678E10 "},
    {"phone=1.3812345678e+10,", "CN_MOBILE:1.3812345678e+10 "},
    {"total=1.3812345678E10", ""},
    {"phone=1.3812345678E11", ""},
    {"Zm9vYmFyYmF6cXV4MTM4MDAwMDAwMDAzOTg3NDUz", ""},
    {"", ""},
};

static struct zj_job job;
static struct zj_identifier *identifier;
static struct zj_identify_scratch *scratch;

static void check_at(const char *text, const char *want, size_t pad)
{
    const struct zj_find *finds;
    char got[1024] = "";
    size_t used = 0;
    const size_t len = strlen(text);
    uint8_t *bytes = zj_alloc(pad + len + 1);
    memset(bytes, ';', pad);
    memcpy(bytes + pad, text, len);
    uint8_t *exact = zj_alloc(pad + len ? pad + len : 1); /* its end is watched */
    memcpy(exact, bytes, pad + len);
    const size_t count = zj_identify_find(scratch, zj_span_of(exact, pad + len), &finds);
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(
            got + used, sizeof got - used, "%s:%.*s ", zj_identify_type_info(finds[i].type)->name,
            (int)(finds[i].end - finds[i].start), (const char *)exact + finds[i].start);
    if (strcmp(got, want) != 0)
        fail_msg("%s at %zu: %s", text, pad, got);
    free(bytes);
    free(exact);
}

/* At every place relative to the blocks of the scan. */
static void test_values(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ZJ_COUNT(cases); i++)
        for (size_t pad = 0; pad < 130; pad++)
            check_at(cases[i].text, cases[i].want, pad);
}

/* "01cd" alone begins many a digest; a packet of JT/T 1078 goes on with 81, a SIM in BCD and a kind
 * of data up to 4. */
static void test_jt1078(void **unused)
{
    (void)unused;
    static const uint8_t packet[] = {0x30, 0x31, 0x63, 0x64, 0x81, 0xe2, 0x00, 0x01, 0x01, 0x38,
                                     0x00, 0x00, 0x00, 0x00, 0x01, 0x10, 0x00, 0x00, 0x01, 0x02};
    static const struct zj_span digest = ZJ_SPAN_LIT("01cd6ec24857ab79cfb49dd4b6382228");
    static const size_t faults[][2] = {{4, 0x80}, {8, 0x1a}, {13, 0xa1}, {15, 0x50}};
    const struct zj_find *finds;
    assert_int_equal(zj_identify_find(scratch, zj_span_of(packet, sizeof packet), &finds), 1);
    assert_int_equal(finds[0].type, ZJ_TYPE_MEDIA);
    assert_int_equal(zj_identify_find(scratch, digest, &finds), 0);
    for (size_t i = 0; i < ZJ_COUNT(faults); i++) {
        uint8_t wrong[sizeof packet];
        memcpy(wrong, packet, sizeof packet);
        wrong[faults[i][0]] = (uint8_t)faults[i][1];
        assert_int_equal(zj_identify_find(scratch, zj_span_of(wrong, sizeof wrong), &finds), 0);
    }
}

static void test_max(void **unused)
{
    (void)unused;
    struct zj_find finds[2];
    const struct zj_span text = ZJ_SPAN_LIT("13800000000,13900000000,13700000000");
    assert_int_equal(zj_identify_scan(text, finds, 2), 2);
    assert_int_equal(finds[1].start, 12);
    assert_int_equal(zj_identify_scan(text, finds, 0), 0);
}

/* The track comes first though it is known last, and is whole where finds are many. */
static void test_long_track(void **unused)
{
    (void)unused;
    static struct zj_find finds[300];
    char text[8000];
    size_t len = 0;
    for (int i = 0; i < 200; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%d,39.%06d,116.%06d\n", i,
                                904200 + i * 10, 407400 + i * 10);
    const size_t count = zj_identify_scan(zj_span_of(text, len), finds, ZJ_COUNT(finds));
    assert_int_equal(count, 201);
    assert_int_equal(finds[0].type, ZJ_TYPE_VEHICLE_TRACK);
    assert_int_equal(finds[0].start, 2);
    assert_int_equal(finds[0].end, len - 1);
}

/* Bytes that are mostly digits, letters, points and parts of characters, from a fixed seed; a few
 * texts are longer than what the scan takes at a time. */
static void test_same_without_vectors(void **unused)
{
    (void)unused;
    static const char parts[] = "0123456789011.86XABCDEFGHJLVZabcx,;:\"{} \n\xe4\xba\xac\xe7";
    static struct zj_find a[4096], b[4096];
    uint64_t random = 20261122;
    for (unsigned round = 0; round < 3000; round++) {
        uint8_t text[12000];
        const size_t len = round % 100 ? round % 700 : round * 4;
        for (size_t i = 0; i < len; i++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            text[i] = (uint8_t)parts[(random >> 33) % (sizeof parts - 1)];
        }
        struct zj_scan vector, plain;
        zj_scan_init(&vector, zj_span_of(text, len));
        zj_scan_init(&plain, zj_span_of(text, len));
        vector.out = a;
        plain.out = b;
        vector.max = plain.max = ZJ_COUNT(a);
        zj_scan_all(&vector);
        zj_scan_all_plain(&plain);
        assert_int_equal(vector.count, plain.count);
        for (size_t i = 0; i < vector.count; i++)
            assert_true(a[i].start == b[i].start && a[i].end == b[i].end &&
                        a[i].type == b[i].type && a[i].why == b[i].why);
    }
}

/* Where a text stands makes no difference: the windows of the scan end elsewhere in it, and so does
 * the block of windows, which is 64 times 52 bytes. */
static void test_any_place(void **unused)
{
    (void)unused;
    enum { PADS = 130, TEXT_MAX = 400, BLOCK = 64 * 52 };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        char text[BLOCK + TEXT_MAX];
        static struct zj_find first[64], again[64];
        const size_t len = strlen(cases[i].text);
        if (len + PADS > TEXT_MAX)
            continue;
        const size_t count = zj_identify_scan(zj_span_str(cases[i].text), first, ZJ_COUNT(first));
        for (size_t k = 1; k < 2 * PADS; k++) {
            const size_t pad = k < PADS ? k : BLOCK - PADS + (k - PADS);
            memset(text, '\n', pad);
            memcpy(text + pad, cases[i].text, len);
            const struct zj_span padded = zj_span_of(text, pad + len);
            assert_int_equal(zj_identify_scan(padded, again, ZJ_COUNT(again)), count);
            for (size_t n = 0; n < count; n++)
                assert_true(again[n].start == first[n].start + pad &&
                            again[n].end == first[n].end + pad && again[n].type == first[n].type);
        }
    }
}

static int setup(void **unused)
{
    (void)unused;
    zj_job_init(&job);
    if (zj_identifier_open(&job, &identifier)) {
        fprintf(stderr, "%s\n", job.message);
        return 1;
    }
    scratch = zj_identify_scratch(identifier);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    zj_identify_scratch_free(scratch);
    zj_identifier_close(identifier);
    zj_job_release(&job);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_max),
        cmocka_unit_test(test_jt1078),
        cmocka_unit_test(test_long_track),
        cmocka_unit_test(test_same_without_vectors),
        cmocka_unit_test(test_any_place),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
