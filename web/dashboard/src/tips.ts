// What shows a chart's figures where somebody points.
import { TooltipComponent } from "echarts/components";
import { use } from "echarts/core";

use([TooltipComponent]);
