package io.tributary.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.DecoderException;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.frame.RandomFrames;
import io.tributary.netty.LeakCheckingAllocator;
import java.util.Random;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What TLS refuses is a question of trust before HELLO, and one of the network behind it. */
class ChangedBytesTest {
  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();

  private EmbeddedLink side;

  @BeforeEach
  void open() {
    side = new EmbeddedLink(TestOptions.of("server", allocator));
  }

  @AfterEach
  void finish() {
    side.written();
    side.finish();
  }

  private void refuseRecord() {
    side.channel
        .pipeline()
        .fireExceptionCaught(new DecoderException(new SSLException("bad record MAC")));
  }

  @Test
  void beforeHelloNobodyIsTrusted() throws InterruptedException {
    refuseRecord();
    TributaryException refused = RecordingHandler.take(side.handler.refused);
    assertThat(refused.code()).isEqualTo(ErrorCode.NOT_TRUSTED);
  }

  @Test
  void behindHelloTheConnectionIsLost() throws InterruptedException {
    side.read(new RandomFrames(allocator, new Random(1), 1).hello());
    refuseRecord();
    Throwable cause = RecordingHandler.take(side.handler.disconnected);
    assertThat(Errors.codeOf(cause)).isEqualTo(ErrorCode.CONNECTION_LOST);
    assertThat(cause).hasMessage("TLS refuses what came: bad record MAC");
  }
}
