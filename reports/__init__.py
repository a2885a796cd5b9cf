"""What a run publishes: tables, workbook, manifest and page; read from the warehouse, computed nowhere here."""
