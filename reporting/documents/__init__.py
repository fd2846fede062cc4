"""Reports as files: PDF and DOCX to hand in, XLSX to calculate with. All three are made of one shown report and ask nothing."""
