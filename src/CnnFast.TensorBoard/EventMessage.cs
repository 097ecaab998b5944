using Google.Protobuf;

namespace CnnFast.TensorBoard;

/// <summary>
/// The messages of tensorflow/core/util/event.proto and framework/summary.proto, as far as scalars need them:
/// <c>Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; SessionLog session_log = 7; }</c>,
/// <c>Summary { repeated Value value = 1; }</c>, <c>Value { string tag = 1; float simple_value = 2; }</c> and
/// <c>SessionLog { SessionStatus status = 1; }</c>, whose START is 1.
/// </summary>
internal static class EventMessage
{
    private const int WallTime = 1;
    private const int Step = 2;
    private const int FileVersion = 3;
    private const int Summary = 5;
    private const int SessionLog = 7;
    private const int SummaryValue = 1;
    private const int ValueTag = 1;
    private const int ValueSimple = 2;
    private const int SessionStatus = 1;
    private const int SessionStatusStart = 1;

    /// <summary>The first event of a file.</summary>
    public static byte[] Version(DateTimeOffset now) => Bytes(output =>
    {
        WriteTime(output, now);
        output.WriteTag(FileVersion, WireFormat.WireType.LengthDelimited);
        output.WriteString("brain.Event:2");
    });

    /// <summary>The start of a session at a step: readers drop what older files say of it and of later ones.</summary>
    public static byte[] SessionStart(DateTimeOffset now, long step) => Event(now, step, SessionLog, Bytes(output =>
    {
        output.WriteTag(SessionStatus, WireFormat.WireType.Varint);
        output.WriteEnum(SessionStatusStart);
    }));

    /// <summary>Numbers of a step.</summary>
    public static byte[] Scalars(DateTimeOffset now, long step, IEnumerable<Scalar> scalars) => Event(now, step, Summary, Bytes(output =>
    {
        foreach (Scalar scalar in scalars)
            WriteMessage(output, SummaryValue, Value(scalar));
    }));

    private static byte[] Event(DateTimeOffset now, long step, int field, byte[] content) => Bytes(output =>
    {
        WriteTime(output, now);
        output.WriteTag(Step, WireFormat.WireType.Varint);
        output.WriteInt64(step);
        WriteMessage(output, field, content);
    });

    private static byte[] Value(Scalar scalar) => Bytes(output =>
    {
        output.WriteTag(ValueTag, WireFormat.WireType.LengthDelimited);
        output.WriteString(scalar.Tag);
        output.WriteTag(ValueSimple, WireFormat.WireType.Fixed32);
        output.WriteFloat((float)scalar.Value);
    });

    // Seconds since 1970.
    private static void WriteTime(CodedOutputStream output, DateTimeOffset now)
    {
        output.WriteTag(WallTime, WireFormat.WireType.Fixed64);
        output.WriteDouble((now - DateTimeOffset.UnixEpoch).TotalSeconds);
    }

    private static void WriteMessage(CodedOutputStream output, int field, byte[] content)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(UnsafeByteOperations.UnsafeWrap(content));
    }

    private static byte[] Bytes(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
            write(output);
        return bytes.ToArray();
    }
}
