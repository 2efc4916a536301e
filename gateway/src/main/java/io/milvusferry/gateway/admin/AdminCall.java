package io.milvusferry.gateway.admin;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.milvusferry.gateway.Direction;
import io.milvusferry.gateway.GatewayControl;
import io.milvusferry.manifest.CollectionName;

/** The calls that steer a gateway, by the last word of their path. */
enum AdminCall {
  STATUS {
    @Override
    JsonElement answer(GatewayControl control, JsonObject request) {
      return StatusJson.write(control.status());
    }
  },
  MIRROR {
    @Override
    JsonElement answer(GatewayControl control, JsonObject request) {
      return StatusJson.write(control.mirror(collection(request)));
    }
  },
  REPLAY {
    @Override
    JsonElement answer(GatewayControl control, JsonObject request) {
      return StatusJson.write(
          control.replay(collection(request), request.get("running").getAsBoolean()));
    }
  },
  READ_WEIGHT {
    @Override
    JsonElement answer(GatewayControl control, JsonObject request) {
      return StatusJson.write(
          control.readWeight(collection(request), request.get("percent").getAsInt()));
    }
  },
  SHADOW {
    @Override
    JsonElement answer(GatewayControl control, JsonObject request) {
      return StatusJson.write(
          control.shadow(collection(request), request.get("percent").getAsInt()));
    }
  },
  RESET_READS {
    @Override
    JsonElement answer(GatewayControl control, JsonObject request) {
      return StatusJson.write(control.resetReads(collection(request)));
    }
  },
  RECONCILE {
    @Override
    JsonElement answer(GatewayControl control, JsonObject request) {
      return StatusJson.write(
          control.reconcile(
              collection(request),
              request.get("partition").getAsString(),
              KeyJson.read(request.getAsJsonArray("keys")),
              StatusJson.scope(request.getAsJsonObject("scope"))));
    }
  },
  CLEAN {
    @Override
    JsonElement answer(GatewayControl control, JsonObject request) {
      return StatusJson.write(control.clean(collection(request)));
    }
  },
  DIRECT {
    @Override
    JsonElement answer(GatewayControl control, JsonObject request) {
      return StatusJson.write(
          control.direct(
              collection(request), Direction.valueOf(request.get("direction").getAsString())));
    }
  },
  FORGET {
    @Override
    JsonElement answer(GatewayControl control, JsonObject request) {
      control.forget(collection(request));
      return JsonNull.INSTANCE;
    }
  },
  FAILED_WRITES {
    @Override
    JsonElement answer(GatewayControl control, JsonObject request) {
      return StatusJson.write(control.failedWrites(collection(request)));
    }
  },
  RETRY_FAILED {
    @Override
    JsonElement answer(GatewayControl control, JsonObject request) {
      return StatusJson.write(control.retryFailed(collection(request)));
    }
  };

  /** Makes the call. */
  abstract JsonElement answer(GatewayControl control, JsonObject request);

  /** Where it is made. */
  String path() {
    return "/v1/" + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  private static CollectionName collection(JsonObject request) {
    return StatusJson.collection(request.getAsJsonObject("collection"));
  }
}
