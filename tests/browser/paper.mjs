// A made-up detainer form as a PDF: no person, number or paper in it exists. And the text of PDFs.

import { execFileSync } from "node:child_process";

const words = [
  [150, 752, "DEPARTMENT OF HOMELAND SECURITY"],
  [150, 738, "IMMIGRATION DETAINER - NOTICE OF ACTION"],
  [40, 92, "(Signature of Immigration Officer)"],
  [40, 22, "DHS Form I-247A (3/17)"],
  [500, 22, "Page 1 of 3"],
];
const texts = {
  "File No": "A000 000 001",
  Date: "03/03/2025",
  "Name of Alien": "CANARY, Juana Example",
  "Date of Birth": "01/02/1990",
  Citizenship: "NOWHERELAND",
  "Name and title of Immigration Officer": "PAT SAMPLE, Deportation Officer",
  "Local Booking Inmate No": "B-77",
  "Estimated release datetime": "3/4/2025 5:40 PM",
};
const boxes = { "Final Order": true, "Pending Proceedings": false };

/** Returns the bytes of the form, filled on a screen. */
export function detainer() {
  const content = words.map(([left, up, text]) => `BT /F1 10 Tf ${left} ${up} Td (${text.replace(/[()]/g, "\\$&")}) Tj ET`);
  const stream = content.join("\n");
  const fields = [...Object.entries(texts), ...Object.entries(boxes)];
  const widgets = fields.map(([name, value], at) => {
    const up = 700 - 16 * at;
    const state = value ? "/Yes" : "/Off";
    const holds = typeof value === "string" ? `/FT /Tx /V (${value}) /DA (/F1 10 Tf 0 g)` : `/FT /Btn /V ${state} /AS ${state}`;
    return `<< /Type /Annot /Subtype /Widget /P 3 0 R /T (${name}) /Rect [40 ${up - 12} 300 ${up}] ${holds} >>`;
  });
  const refs = widgets.map((_, at) => `${6 + at} 0 R`).join(" ");
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [${refs}] /NeedAppearances true /DR << /Font << /F1 5 0 R >> >> >> >>`,
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    `<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Annots [${refs}] /MediaBox [0 0 612 792] /Resources << /Font << /F1 5 0 R >> >> >>`,
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ...widgets,
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
