// A made-up detainer form as a PDF: no person, number or paper in it exists. And the text of PDFs.

import { execFileSync } from "node:child_process";

const heads = [
  [150, 752, 12, "DEPARTMENT OF HOMELAND SECURITY"],
  [150, 736, 12, "IMMIGRATION DETAINER - NOTICE OF ACTION"],
  [40, 712, 8, "Made up, to try a program with: no person, number or officer on it exists."],
  [40, 92, 9, "(Signature of Immigration Officer)"],
  [40, 22, 9, "DHS Form I-247A (3/17)"],
  [500, 22, 9, "Page 1 of 1"],
];
/** Each: the name of the field, what is printed beside it, what is filled in. */
const fields = [
  ["File No", "File No:", "A000 000 001"],
  ["Date", "Date:", "03/03/2025"],
  ["Name of Alien", "Name of Alien:", "CANARY, Juana Example"],
  ["Date of Birth", "Date of Birth:", "01/02/1990"],
  ["Citizenship", "Citizenship:", "NOWHERELAND"],
  ["Final Order", "a final order of removal against the alien", true],
  ["Pending Proceedings", "the pendency of ongoing removal proceedings", false],
  ["Name and title of Immigration Officer", "Name and title of Immigration Officer:", "PAT SAMPLE, Deportation Officer"],
  ["Local Booking Inmate No", "Local Booking/Inmate #:", "B-77"],
  ["Estimated release datetime", "Estimated release date/time:", "3/4/2025 5:40 PM"],
];
const TOP = 690;
const LINE = 22;
const escaped = (text) => text.replace(/[()]/g, "\\$&");
const stream = (text, more = "") => `<< ${more}/Length ${text.length} >>\nstream\n${text}\nendstream`;

/** A field as it lies on the page: a line of text, or a box with or without a cross. */
function widget([name, , value], at) {
  const up = TOP - LINE * at;
  const common = `/Type /Annot /Subtype /Widget /P 3 0 R /F 4 /T (${name})`;
  if (typeof value === "string") {
    return `<< ${common} /Rect [240 ${up - 5} 520 ${up + 11}] /FT /Tx /V (${escaped(value)}) /DA (/F1 10 Tf 0 g) >>`;
  }
  const state = value ? "/Yes" : "/Off";
  return `<< ${common} /Rect [40 ${up - 2} 51 ${up + 9}] /FT /Btn /DA (/F1 10 Tf 0 g) /V ${state} /AS ${state} /AP << /N << /Yes 6 0 R /Off 7 0 R >> >> >>`;
}

/** Returns the bytes of the form, filled on a screen; `examples/detainer.pdf` holds them. */
export function detainer() {
  const labels = fields.map(([, label, value], at) => [typeof value === "string" ? 40 : 58, TOP - LINE * at, 9, label]);
  const written = [...heads, ...labels].map(([left, up, size, text]) => `BT /F1 ${size} Tf ${left} ${up} Td (${escaped(text)}) Tj ET`);
  const lines = fields.map(([, , value], at) => (typeof value === "string" ? `240 ${TOP - LINE * at - 5} m 520 ${TOP - LINE * at - 5} l S` : ""));
  const refs = fields.map((_, at) => `${9 + at} 0 R`).join(" ");
  const box = "0 0 11 11 re S";
  const form = "/Type /XObject /Subtype /Form /BBox [-1 -1 12 12] ";
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [${refs}] /NeedAppearances true /DR << /Font << /F1 5 0 R /ZaDb 8 0 R >> >> >> >>`,
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    `<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Annots [${refs}] /MediaBox [0 0 612 792] /Resources << /Font << /F1 5 0 R >> >> >>`,
    stream(["0.5 w", ...written, ...lines].join("\n")),
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    stream(`${box} 2 2 m 9 9 l S 2 9 m 9 2 l S`, form),
    stream(box, form),
    "<< /Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats >>",
    ...fields.map(widget),
  ];
  let pdf = "%PDF-1.7\n";
  const places = objects.map((object, at) => {
    const place = pdf.length;
    pdf += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const table = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  const start = pdf.length;
  pdf += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`;
  pdf += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(pdf, "latin1");
}

/** The text of a PDF as another program reads it; null where that program is not installed. */
export function text_of(path) {
  try {
    return execFileSync("pdftotext", [path, "-"]).toString();
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}
