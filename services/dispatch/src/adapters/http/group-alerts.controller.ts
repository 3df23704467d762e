import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Roles } from '@paidan/service-host';
import { ActiveDirectory } from '../../application/active-directory.js';
import { GroupAlerts } from '../../application/group-alerts.js';
import { GroupAlertsShown } from './answers.js';

@ApiTags('tickets')
@Roles('dispatcher', 'supervisor')
@Controller('v1/duplicates')
export class GroupAlertsController {
  constructor(
    private readonly alerts: GroupAlerts,
    private readonly directory: ActiveDirectory,
  ) {}

  @Get('alerts')
  @ApiOperation({
    summary: '群体性预警: many people speak of one matter in one street at once',
    description: 'Those that stand; each ends by itself when it is calm. Confidential and anonymous tickets are not counted.',
  })
  @ApiOkResponse({ type: GroupAlertsShown })
  async standing(): Promise<GroupAlertsShown> {
    const { areas, matterByCode } = this.directory.directory;
    const alerts = (await this.alerts.standing()).map(({ raisedAt, lastAt, ...alert }) => {
      const [area, matter] = [areas.get(alert.area)?.name ?? alert.area, matterByCode.get(alert.matter)?.name ?? alert.matter];
      return {
        ...alert,
        raisedAt: new Date(raisedAt).toISOString(),
        lastAt: new Date(lastAt).toISOString(),
        explanation: {
          zh: `${area}${alert.persons}人反映「${matter}」`,
          en: `${alert.persons} people of ${area} speak of ${matter}.`,
        },
      };
    });
    return { alerts };
  }
}
