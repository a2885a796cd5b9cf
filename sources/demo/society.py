"""Figures of the tables on income, benefits, elections, migration, schooling, matching, long life and the survey.

Each maker gives one period of a table at a time, as an array over all codes of its other variables in their order;
NaN is not shown. Counts come from the latent population; what the population does not hold (turnout, marks, years of
life) is a smooth made-up level per kommun, weighted up to lan and riket.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from sources.demo.hashing import Floats, key, keys, shifts, split, uniform
from sources.demo.population import FIRST_YEAR, INCOME_BANDS, Population

Codes = Mapping[str, Sequence[str]]
OnePeriod = Callable[[str], Floats]

PARTIES = 8
_PARTY = np.array([0.30, 0.20, 0.17, 0.09, 0.08, 0.07, 0.05, 0.04])
"""Sizes of the made-up parties."""
_PARTY_WOMEN = np.array([1.06, 0.93, 0.66, 1.05, 1.13, 1.02, 1.12, 1.02])
_BENEFITS = np.array(
    [
        [0.013, 0.031, 0.016, 0.019, 0.016, 0.006],
        [0.024, 0.043, 0.014, 0.018, 0.015, 0.007],
    ]
)
"""Full-year equivalents per inhabitant 20-64 for men and women, in the order of the table."""
_MEMBERS_OF_PARLIAMENT = 349
_SEATS_OF_REGIONS = 83
_HOUSEHOLDS = np.array([0.93, 0.70, 0, 0, 0.83, 0, 0, 0.95, 0, 0, 1.25, 1.50, 1.62, 1.35, 1.45])
"""Income by type of household, of the mean of women and men; nought where the adult's own income decides."""
_HOUSEHOLD_AGES = np.array([1.0, 0.72, 1.02, 1.10, 0.88, 0.86, 0.85, 0.74])
_SURVEYED = 29_500
_FURTHER_YEARS = {"020": np.array([50.4, 0.055]), "030": np.array([54.0, 0.040])}
"""Men and women: remaining years at 30 in 2014, and how many more each year."""
_BY_EDUCATION = np.array([-3.1, -0.4, 1.9])


class Society:
    """Makes the figures of these tables from one population."""

    def __init__(self, population: Population) -> None:
        self.population = population
        self.makers: dict[str, Callable[[Codes], OnePeriod]] = {
            "TAB1212": lambda codes: self._migration("TAB1212", codes),
            "TAB6640": lambda codes: self._migration("TAB6640", codes),
            "TAB1386": self._benefits,
            "TAB1492": self._households,
            "TAB1804": self._marks_by_background,
            "TAB1807": self._marks,
            "TAB1813": self._marks,
            "TAB1970": self._municipal_councils,
            "TAB2589": self._regional_councils,
            "TAB3531": self._parliament,
            "TAB4255": self._turnout,
            "TAB4268": self._turnout,
            "TAB5211": self._turnout,
            "TAB4840": self._net_income,
            "TAB4879": self._life_table,
            "TAB6366": self._matching,
            "TAB6369": self._county_commuters,
            "DEMO0001": self._survey,
        }

    # --- helpers -------------------------------------------------------------------------------------------

    def _rows(self, codes: Codes) -> np.ndarray:
        """Where each region of the table stands among the 312; riket for a table without regions."""
        known = {code: at for at, code in enumerate(self.population.regions.codes)}
        return np.array([known[code] for code in codes.get("Region", ("00",))])

    def _weighted(self, local: Floats, weight: Floats, year: int) -> Floats:
        """The 312 regions from levels of kommuner, weighted by persons; NaN where a kommun does not exist."""
        persons = np.broadcast_to(weight, local.shape)
        above = self.population.regions.all_regions(local * persons, year)
        below = self.population.regions.all_regions(persons, year)
        level: Floats = np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)
        return level

    def _adults(self, year: int, low: int = 18, high: int = 101) -> Floats:
        """Kommun x sex: persons of these ages."""
        people = self.population.people_local()[:, :, low:high, year - FIRST_YEAR]
        persons: Floats = people.sum(axis=2).astype(np.float64)
        return persons

    # --- income and benefits -------------------------------------------------------------------------------

    def _net_income(self, codes: Codes) -> OnePeriod:
        bands = [_ages(code) for code in codes["Alder"]]
        within = np.array([[float(low <= a and b <= high) for a, b in INCOME_BANDS] for low, high in bands])
        where = self._rows(codes)

        def one(period: str) -> Floats:
            persons, total, middle = (part[where] @ within.T for part in self.population.income(int(period)))
            both = [
                np.concatenate([part, part.sum(axis=1, keepdims=True)], axis=1) for part in (persons, total, middle)
            ]
            of = np.where(both[0] > 0, both[0], np.nan)
            return np.stack(
                [0.775 * both[1] / of / 1000, 0.80 * both[2] / of / 1000, 0.775 * both[1] / 1e6, both[0]], axis=-1
            )

        return one

    def _households(self, codes: Codes) -> OnePeriod:
        where = self._rows(codes)
        adult = {"A15": (1, 0.70), "A20": (0, 0.70), "A30": (1, 0.88), "A35": (0, 0.86), "A45": (1, 0.98)}
        adult["A50"] = (0, 0.95)

        def one(period: str) -> Floats:
            persons, total, _ = self.population.income(2024)
            growth = np.exp(0.013 * (int(period) - 2024))
            mean = growth * total[:, :, 1:10].sum(axis=2) / persons[:, :, 1:10].sum(axis=2) / 1000
            by_type = np.empty((len(mean), 15))
            for at, code in enumerate(codes["Hushallstyp"]):
                sex, factor = adult.get(code, (0, 0.0))
                by_type[:, at] = factor * mean[:, sex] if factor else _HOUSEHOLDS[at] * mean.mean(axis=1)
            median = by_type[where][:, :, None] * _HOUSEHOLD_AGES
            share = 100 / (_HOUSEHOLDS[0] * mean[0].mean())
            return np.stack([1.09 * median, median, share * median, share * median], axis=-1)

        return one

    def _benefits(self, codes: Codes) -> OnePeriod:
        where = self._rows(codes)
        place = np.exp(self.population.place("benefits", -0.25, 0.25))[:, None, None]
        offset = self.population.offset("benefits", 2, 6)

        def one(period: str) -> Floats:
            year, month = int(period[:4]), int(period[5:])
            trend = np.exp(-0.035 * (year + month / 12 - 2014)) * (1 + 0.04 * np.cos(2 * np.pi * (month - 2) / 12))
            by_age = []
            for last in (65, 66):
                people = self._adults(year, 20, last)
                parts = np.floor(people[:, :, None] * _BENEFITS * place * trend + offset)
                counts = np.concatenate([parts, parts.sum(axis=2, keepdims=True), people[:, :, None]], axis=2)
                by_age.append(self.population.regions.all_regions(counts, year)[where])
            made = np.stack(by_age, axis=2)
            made = np.concatenate([made, made.sum(axis=1, keepdims=True)], axis=1)
            share = np.divide(
                100 * made[..., 6], made[..., 7], out=np.full(made.shape[:-1], np.nan), where=made[..., 7] > 0
            )
            return np.concatenate([made, share[..., None]], axis=-1)

        return one

    # --- elections -----------------------------------------------------------------------------------------

    def _members(self, seats: Floats, name: str, year: int) -> Floats:
        """Council x party x sex."""
        parties = split(seats, _PARTY, uniform(key(self.population.seed, name, "parties"), [keys(range(len(seats)))]))
        own = uniform(key(self.population.seed, name), [keys(range(len(seats))), keys(range(PARTIES))], -0.06, 0.06)
        level = np.interp(year, [1973, 1991, 2002, 2022], [0.16, 0.34, 0.42, 0.44])
        women = np.clip(level * _PARTY_WOMEN + own, 0.05, 0.75)
        chance = uniform(key(self.population.seed, name, "rounding"), [keys(range(len(seats))), keys(range(PARTIES))])
        return split(parties, np.stack([1 - women, women], axis=-1), chance).astype(np.float64)

    def _municipal_councils(self, codes: Codes) -> OnePeriod:
        where = [self.population.regions.municipality(code) for code in codes["Region"]]

        def one(period: str) -> Floats:
            year = int(period)
            seats = np.round(21 + 0.16 * np.sqrt(self._adults(year).sum(axis=1)))
            members = self._members(seats, "municipal", year)
            # A council chosen in the autumn before the kommun begins is the new one's.
            members[~self.population.regions.exists(year + 1)] = np.nan
            return members[where][..., None]

        return one

    def _regional_councils(self, codes: Codes) -> OnePeriod:
        def one(period: str) -> Floats:
            year = int(period)
            members = self._members(np.full(len(codes["Region"]), float(_SEATS_OF_REGIONS)), "regional", year)
            whole = list(codes["Region"]).index("00L")
            gone = [at for at, code in enumerate(codes["Region"]) if code == "DEMO11"]
            if year >= 2002:
                members[gone] = np.nan
            members[whole] = 0
            members[whole] = np.nansum(members, axis=0)
            return members[..., None]

        return one

    def _parliament(self, codes: Codes) -> OnePeriod:
        def one(period: str) -> Floats:
            rest = len(codes["Region"]) - 1
            seats = np.full(rest, float(_MEMBERS_OF_PARLIAMENT // rest))
            seats[0] += _MEMBERS_OF_PARLIAMENT - seats.sum()
            members = self._members(seats, "parliament", int(period))
            return np.concatenate([members.sum(axis=0, keepdims=True), members])[..., None]

        return one

    def _turnout(self, codes: Codes) -> OnePeriod:
        where = self._rows(codes)
        sex = np.array([-0.006, 0.007])[:, None, None]
        background = np.array([0.0, 0.025, -0.17, -0.24, -0.13])[:, None]
        election = np.array([0.0, -0.034, -0.030])

        def one(period: str) -> Floats:
            year = int(period)
            level = 0.872 - 0.026 * (year == 2022) + self.population.place("turnout", -0.05, 0.03)
            local = 100 * np.clip(level[:, None, None, None] + sex + background + election, 0.1, 0.98)
            adults = self._adults(year)[:, :, None, None]
            by_sex = self._weighted(local, adults, year)[where]
            weight = self.population.regions.all_regions(adults, year)[where]
            both = (by_sex * weight).sum(axis=1, keepdims=True) / weight.sum(axis=1, keepdims=True)
            made = np.concatenate([both, by_sex], axis=1)
            return made if "Region" in codes else made[0]

        return one

    # --- moves -----------------------------------------------------------------------------------------------

    def _moves(self, year: int) -> Floats:
        """Region x sex x age x (domestic in, domestic out, immigration, emigration)."""

        def build() -> Floats:
            regions = self.population.regions
            people = self.population.people_local()[..., year - FIRST_YEAR].astype(np.float64)
            ages = np.arange(101, dtype=np.float64)
            young = np.exp(-(((ages - 23) / 5.5) ** 2))
            leaving = 0.022 + 0.19 * young * np.array([0.9, 1.15])[:, None]
            offset = self.population.offset("moves", 2, 101)
            out = np.floor(people * leaving * np.exp(self.population.place("moves", -0.2, 0.2))[:, None, None] + offset)
            size = np.log(regions.inhabitants / 30_000)[:, None, None]
            drawn = people * leaving * np.exp(np.clip(0.22 * size, -0.35, 0.5) * young)
            chance = uniform(key(self.population.seed, "moves in"), [keys(range(2)), keys(range(101))])
            into = np.moveaxis(split(out.sum(axis=0), np.moveaxis(drawn, 0, -1) + 1e-9, chance), -1, 0)
            abroad = 0.004 + 0.013 * np.exp(-(((ages - 29) / 9) ** 2)) * np.array([1.1, 1.0])[:, None]
            wave = 1 + 0.9 * np.exp(-(((year - 2016) / 1.8) ** 2))
            immigrated = np.floor(people * abroad * wave + offset)
            emigrated = np.floor(people * abroad * 0.45 + offset[..., ::-1])
            local = np.stack([into, out, immigrated, emigrated], axis=-1)
            made = regions.all_regions(local, year)
            # Moves within a lan are none of the lan's own; riket has no domestic moves over its border.
            for at, code in enumerate(regions.codes):
                if len(code) == 2:
                    share = 1.0 if code == "00" else 0.45
                    made[at, ..., :2] -= np.floor(share * made[at, ..., :2].min(axis=-1, keepdims=True))
            return made

        return self.population.keep(("moves", year), build)

    def _migration(self, table_id: str, codes: Codes) -> OnePeriod:
        protected = table_id == "TAB6640"
        where = self._rows(codes)
        bands = [_ages(code) for code in codes["Alder"]]
        within = np.array([[float(low <= age <= high) for age in range(101)] for low, high in bands])
        # In- and out-migration, immigration, emigration, net, net immigration, domestic in, out and net.
        sums = np.array(
            [
                [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0], [0, 0, 0, 1], [1, -1, 1, -1], [0, 0, 1, -1], [1, 0, 0, 0],
                [0, 1, 0, 0], [1, -1, 0, 0],
            ]
        )  # fmt: skip
        order = {"1": (1, 0), "2": (0, 1)}
        sexes = np.array([order.get(code, (1, 1)) for code in codes["Kon"]], dtype=np.float64)

        def one(period: str) -> Floats:
            made: Floats = np.einsum(
                "rsac,ba,ts,kc->rbtk", self._moves(int(period))[where], within, sexes, sums, optimize=True
            )
            if protected:
                names = [keys(codes[variable]) for variable in ("Region", "Alder", "Kon", "ContentsCode")]
                made = made + shifts(key(self.population.seed, "noise", table_id), names)
                net = np.array([4, 5, 8])
                made = np.where(np.isin(np.arange(9), net), made, np.maximum(made, 0))
            return made

        return one

    # --- school, matching, commuting ------------------------------------------------------------------------

    def _share_of_pupils(self, year: int) -> Floats:
        """Region x sex x (upper secondary, higher education), per cent."""
        level = np.array([np.interp(year, [1997, 2006, 2014, 2022], [91, 89.4, 87, 85.5]), 66 + 0.3 * (year - 1997)])
        sex = np.array([[-1.2, -4.5], [1.2, 4.5]])
        place = self.population.place("marks", -4.0, 3.0)[:, None, None]
        own = uniform(key(self.population.seed, "marks", year), [self.population.regions.keys, keys(range(2))], -2, 2)
        local = level + sex + place + own[..., None]
        return self._weighted(local, self._adults(year, 16, 17)[..., None], year)

    def _marks(self, codes: Codes) -> OnePeriod:
        where = self._rows(codes)
        background = np.array([0.0, 2.5, -16.0, -38.0, -7.0])[:, None]

        def one(period: str) -> Floats:
            by_sex = self._share_of_pupils(int(period))[where]
            three = np.concatenate([by_sex.mean(axis=1, keepdims=True), by_sex], axis=1)
            made: Floats = np.clip(three[:, :, None] + background, 5, 100)
            return made if "Region" in codes else made[0]

        return one

    def _marks_by_background(self, codes: Codes) -> OnePeriod:
        where = self._rows(codes)

        def one(period: str) -> Floats:
            by_sex = self._share_of_pupils(int(period))[where]
            whole = by_sex.mean(axis=1, keepdims=True)
            made = np.concatenate([whole, by_sex, np.clip(whole - 16, 5, 100)], axis=1)
            few = self.population.people_local()[:, :, 16, int(period) - FIRST_YEAR].sum(axis=1) < 60
            small = np.array([code in _codes_of(self.population, few) for code in codes["Region"]])
            made[small, 1:] = np.nan
            return made

        return one

    def _matching(self, codes: Codes) -> OnePeriod:
        where = self._rows(codes)
        group = np.array([0.0, -1.6, 2.3, -5.0, -22.0, -19.0, -12.0, 0.0])

        def one(period: str) -> Floats:
            year = int(period)
            local = (
                63 + 0.35 * (year - 2019) + self.population.place("matching", -4, 4)[:, None] + np.array([-3.2, 3.2])
            )
            by_sex = self._weighted(local, self._adults(year, 20, 65), year)[where]
            three = np.concatenate([by_sex, by_sex.mean(axis=1, keepdims=True)], axis=1)
            made: Floats = (three[:, :, None] + group)[..., None]
            return made

        return one

    def _county_commuters(self, codes: Codes) -> OnePeriod:
        regions = self.population.regions
        county_of = np.array([code[:2] for code in regions.municipalities])
        part = np.array([1.0, 0.55, 0.45])

        def one(period: str) -> Floats:
            matrix = self.population.matrix(int(period))
            made = np.empty((len(codes["Region"]), 3, 3, 5))
            for at, code in enumerate(codes["Region"]):
                home = np.ones(len(county_of), dtype=np.bool_) if code == "00" else county_of == code
                live = matrix[:, home].sum(axis=(1, 2)) * 0.93
                work = matrix[:, :, home].sum(axis=(1, 2)) * 0.93
                stay = matrix[:, home][:, :, home].sum(axis=(1, 2)) * 0.93
                by_sex = np.floor(np.stack([stay, work - stay, live - stay], axis=-1))
                by_sex = np.column_stack([by_sex, by_sex[:, 0] + by_sex[:, 1], by_sex[:, 0] + by_sex[:, 2]])
                by_sex = np.concatenate([by_sex, by_sex.sum(axis=0, keepdims=True)])
                made[at] = np.floor(part[:, None, None] * by_sex)
            return made

        return one

    # --- life and the survey ----------------------------------------------------------------------------------

    def _life_table(self, codes: Codes) -> OnePeriod:
        where = self._rows(codes)
        ages = np.array([_ages(code)[0] for code in codes["Alder"]], dtype=np.float64)

        def one(period: str) -> Floats:
            middle = int(period[:4]) + 2
            by_sex = np.array([_FURTHER_YEARS[code] @ np.array([1, middle - 2014]) for code in codes["Kon"]])
            local = by_sex[None] + self.population.place("years of life", -0.8, 0.8)[:, None]
            level = self._weighted(local, self._adults(middle, 30), middle)[where]
            at_30 = level[:, None] + _BY_EDUCATION[:, None]
            years = at_30[..., None] * np.clip(1 - (ages - 30) / 66, 0.04, 1) ** 1.12
            risk = np.minimum(0.45 * np.exp(0.098 * (ages - 30)) * 53 / at_30[..., None], 1000)
            return np.stack([risk, years], axis=-1)

        return one

    def _survey(self, codes: Codes) -> OnePeriod:
        regions = self.population.regions
        known = {code: at for at, code in enumerate(regions.codes)}
        where = np.array([known.get(code, 0) for code in codes["Region"]])

        def one(period: str) -> Floats:
            year, quarter = int(period[:4]), int(period[5:])
            people = self._adults(year, 15, 75)
            slope = 0.003 * (min(year, 2019) - 2005) + 0.008 * (quarter == 3) - 0.012 * (year in (2009, 2010, 2020))
            place = self.population.place("survey", -0.05, 0.04)[:, None]
            working = np.clip(0.655 + slope + place + np.array([0.025, -0.025]), 0.3, 0.9)
            jobless = 0.055 - place * 0.25 + 0.01 * (year in (2009, 2010, 2020, 2021)) + np.array([0.002, -0.002])
            shares = np.stack([np.ones_like(working), working, jobless, 1 - working - jobless], axis=-1)
            # Region x status x (men, women, both).
            persons = regions.all_regions(people[..., None] * shares, year)[where].swapaxes(1, 2)
            persons = np.concatenate([persons, persons.sum(axis=2, keepdims=True)], axis=2)
            share, total = persons / persons[:, :1], persons[:, :1] / 1000
            asked = np.maximum(_SURVEYED * persons[:, :1] / people.sum(), 1)
            margin = 1.96 * np.sqrt(np.maximum(share * (1 - share), 0) / asked)
            axes = [keys(codes["Region"]), keys(codes["Arbetskraftstillh"]), keys(codes["Kon"][:2])]
            noise = uniform(key(self.population.seed, "survey", period), axes, -0.6, 0.6)
            seen = np.clip(share[..., :2] + margin[..., :2] * noise, 0, 1)
            both = (seen * total[..., :2]).sum(axis=2, keepdims=True) / total[..., 2:]
            seen = np.concatenate([seen, both], axis=2)
            return np.stack([seen * total, margin * total, 100 * seen, 100 * margin], axis=-1)

        return one


def _codes_of(population: Population, chosen: np.ndarray) -> set[str]:
    return {code for code, one in zip(population.regions.municipalities, chosen, strict=True) if one}


def _ages(code: str) -> tuple[int, int]:
    """First and last age of a code; everything where it is a total."""
    low, dash, high = code.strip("+").partition("-")
    if code.endswith(("+", "+1", "+5", "+10")):
        return int(code.partition("+")[0]), 1000
    if dash:
        return int(low or 0), int(high)
    return (int(code), int(code)) if code.isdigit() else (0, 1000)
