/** The conditions that `tapproof dossier` holds a vendor to where no file is named. The same form as a file of conditions. */
import { conditionsSchema, type Conditions } from "./conditions.ts";

const ACCESS = ["eNB", "gNB", "ng-eNB", "en-gNB", "HeNB-GW", "MME", "AMF"];
const GATEWAYS = ["SGW", "SGW-U", "PGW", "PGW-U", "SPGW", "SAEGW", "GGSN", "UPF"];
const USER_PLANE = ["S1-U", "N3", "SGi", "N6", "S5/S8-U", "N9", "Gn"];

export const DEFAULT_CONDITIONS: Conditions = conditionsSchema.parse({
  schema: "tapproof/conditions/1",
  conditions: [
    {
      id: "access-by-ticket",
      statement: {
        en: "Nobody manages the vendor's equipment outside a granted ticket.",
        fr: "Nul n'administre l'équipement du fournisseur hors d'un ticket accordé.",
      },
      claims: ["ungranted-access"],
      needs: [{ anyOf: ["OAM"] }],
      declared: ["grants"],
    },
    {
      id: "declared-interception",
      statement: {
        en: "Interception happens only through declared functions, under a warrant.",
        fr: "L'interception ne passe que par des fonctions déclarées, sous mandat.",
      },
      claims: ["unwarranted-interception"],
      roles: [...GATEWAYS, "SGW-C", "PGW-C", "SMF", "MME", "AMF", "HSS", "UDM", "SGSN", "MSC", "P-CSCF"],
      needs: [{ anyOf: ["LI", "X1", "X2", "X3", "LI_X1", "LI_X2/X3", "HI2", "HI3"] }],
      declared: ["lawful"],
    },
    {
      id: "no-copy",
      statement: {
        en: "No copy of subscriber traffic leaves the vendor's equipment undeclared.",
        fr: "Aucune copie du trafic d'abonnés ne quitte l'équipement du fournisseur sans être déclarée.",
      },
      claims: ["covert-copy"],
      roles: [...GATEWAYS, "eNB", "gNB"],
      needs: [{ anyOf: USER_PLANE }, { anyOf: ["OAM"], complete: true }, { anyOf: ["SGi", "N6", "Gi"], complete: true }],
    },
    {
      id: "no-duplication-order",
      statement: {
        en: "No rule orders the user plane to duplicate a subscriber's packets to an undeclared receiver.",
        fr: "Aucune règle n'ordonne au plan usager de dupliquer les paquets d'un abonné vers un destinataire non déclaré.",
      },
      claims: ["undeclared-duplication"],
      roles: [...GATEWAYS, "SGW-C", "PGW-C", "SMF"],
      needs: [{ anyOf: ["Sx/N4", "N4", "Sxa", "Sxb"] }],
    },
    {
      id: "declared-trace",
      statement: {
        en: "Subscriber traces go only to declared collectors.",
        fr: "Les traces d'abonnés ne vont qu'à des collecteurs déclarés.",
      },
      claims: ["undeclared-trace"],
      roles: ACCESS,
      needs: [{ anyOf: ["S1-MME", "N2"] }],
    },
    {
      id: "signalled-tunnels",
      statement: {
        en: "Every user-plane tunnel was set up by signalling.",
        fr: "Chaque tunnel du plan usager a été établi par la signalisation.",
      },
      claims: ["ghost-tunnel"],
      roles: [...GATEWAYS, "eNB", "gNB"],
      needs: [{ anyOf: ["S1-U", "N3", "S5/S8-U", "Gn"] }, { anyOf: ["S1-MME", "N2", "S11", "Sx/N4", "Gn/Gp"] }],
    },
    {
      id: "no-undeclared-peer",
      statement: {
        en: "The vendor's equipment talks to declared hosts only.",
        fr: "L'équipement du fournisseur ne parle qu'à des hôtes déclarés.",
      },
      claims: ["undeclared-peer"],
      needs: [{ anyOf: ["OAM"], complete: true }],
    },
    {
      id: "reasoned-queries",
      statement: {
        en: "Locations and identities are asked only by those who may, for a declared reason.",
        fr: "Positions et identités ne sont demandées que par qui en a le droit, pour un motif déclaré.",
      },
      claims: ["unreasoned-query"],
      roles: ["MME", "AMF", "HSS", "UDM", "HLR", "SGSN", "GMLC", "MSC", "VLR"],
      needs: [{ anyOf: ["S6a", "S6d", "SLg", "SLh", "Sh", "MAP", "C", "D"] }],
    },
    {
      id: "no-hidden-data",
      statement: {
        en: "No data is hidden in fields that should carry none.",
        fr: "Aucune donnée n'est cachée dans des champs qui ne devraient rien porter.",
      },
      claims: ["covert-channel"],
      roles: [...GATEWAYS, "SGW-C", "PGW-C", "MME", "SGSN", "SMF"],
      needs: [{ anyOf: ["S11", "S5/S8-C", "Sx/N4", "Gn/Gp", "GTP-C"] }, { anyOf: ["OAM"] }],
      declared: ["extensions"],
    },
    {
      id: "null-ciphering-off",
      statement: {
        en: "Null ciphering and null integrity are off, save where the policy allows them.",
        fr: "Le chiffrement nul et l'intégrité nulle sont coupés, sauf là où la politique les admet.",
      },
      claims: ["weakened-protection"],
      roles: ["MME", "AMF"],
      needs: [{ anyOf: ["S1-MME", "N2"] }],
      declared: ["policy"],
    },
  ],
});
