"""Operations of the client, one module for each WSDL of ISDS."""
