import Foundation
import TestSupport
import Testing

/// A service under systemd itself, a manager of its own in namespaces of its own.
@Suite struct SystemdTests {
    private static let manager = "/usr/lib/systemd/systemd"
    private static let canRun: Bool = {
        guard getuid() == 0, FileManager.default.isExecutableFile(atPath: manager) else { return false }
        return (try? Tool.run(["-c", "unshare --mount --propagation private true"], program: "/bin/bash").status) == 0
    }()

    /// The watchdog ends a service whose inference hangs, and it is started anew; before, without a camera, it is left alone.
    @Test(.enabled(if: canRun, "needs root, systemd and mount namespaces"))
    func systemdStartsAServiceAnewThatHangs() throws {
        guard let libraries = try FaultShim.paths(), let hang = try PreloadedLibrary.compile("Faults/hang.c") else {
            return print("skipped: needs clang")
        }
        let folder = try TemporaryFolder(), path = folder.path
        let config =
            "model = \(ServiceModels.second)\nthreads = 2\n[camera a]\ndevice = /dev/video99\ncapture = 48x32\nfolder = \(path)/maps\nkeep = 3\n"
        let file = try folder.write(Array(config.utf8), to: "a.conf")
        let preloaded = "LD_PRELOAD=\(hang):\(libraries) ESEG_CAMERA=/dev/video99 ESEG_CAMERA_PLUG=\(path)/plug ESEG_HANG=\(path)/hang"
        let unit = """
            [Service]
            Type=notify
            ExecStart=\(Tool.path) serve \(file)
            ExecReload=/bin/kill -HUP $MAINPID
            Environment=\(preloaded) KMP_BLOCKTIME=0 SWIFT_BACKTRACE=enable=no
            Restart=always
            RestartSec=100ms
            WatchdogSec=2
            LimitCORE=0
            StandardError=append:\(path)/log

            """
        try folder.write(Array(unit.utf8), to: "units/test.service")
        let script = """
            mkdir -p /run/systemd && mount -t tmpfs tmpfs /run/systemd && mkdir /run/systemd/system "$0/run" && chmod 700 "$0/run"
            export XDG_RUNTIME_DIR="$0/run" SYSTEMD_UNIT_PATH="$0/units:/usr/lib/systemd/user"
            timeout 90 \(Self.manager) --user > "$0/manager" 2>&1 & manager=$!
            show() { systemctl --user show test -P "$1"; }
            until_is() { for ((i = 0; i < 200; i++)); do [ "$(show "$1")" = "$2" ] && return; sleep 0.1; done; echo "$1 is $(show "$1")"; }
            until_told() { for ((i = 0; i < 200; i++)); do grep -q ": $1," "$0/log" && return; sleep 0.1; done; echo "not told: $1"; }
            for ((i = 0; i < 100; i++)); do systemctl --user is-active basic.target > /dev/null && break; sleep 0.1; done
            systemctl --user start test
            sleep 3; show ActiveState; show NRestarts
            touch "$0/plug"; until_is WatchdogUSec 2s; sleep 3; show NRestarts
            systemctl --user reload test; until_told loaded; sleep 1; until_is ActiveState active; show ActiveState
            touch "$0/hang"; until_is NRestarts 1; rm "$0/hang"; until_is ActiveState active; show NRestarts
            systemctl --user stop test; show ActiveState; show Result
            kill $manager; wait
            """
        let result = try Tool.run(["--mount", "--propagation", "private", "bash", "-c", script, path], program: "/usr/bin/unshare")
        let log = (try? String(contentsOfFile: path + "/log", encoding: .utf8)) ?? ""
        #expect(result.output == "active\n0\n0\nactive\n1\ninactive\nsuccess\n", "\(result.errors)\n\(log)")
    }
}
